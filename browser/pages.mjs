// @ts-check
/**
 * A page of every kind, at moments that have something to show.
 * @module
 */

/** @type {Record<string, string>} name to path */
export const PAGES = {
  "atlas": "/?on=2004-06-01",
  "atlas-contested": "/?on=2014-12-01",
  "atlas-map": "/?view=map&on=2016-01-01",
  "atlas-tiles": "/?view=tiles&on=2012-07-01",
  "atlas-overlap": "/?view=overlap&on=2012-07-01",
  "states": "/states?on=2004-06-01",
  "state": "/states/UZB?on=2008-11-01",
  "organizations": "/organizations?on=2004-06-01",
  "organization": "/organizations/EurAsEC?on=2003-01-01",
  "pairs": "/pairs",
  "pair": "/pairs/BLR/RUS?on=2010-07-01",
  "questions": "/questions",
  "diff": "/diff?from=2009-12-31&to=2010-01-01",
  "timeline": "/timeline?of=GUAM",
  "obligations": "/obligations/GEO?on=2009-01-01",
  "leave": "/leave?state=GEO&organization=CIS&on=2009-08-17",
  "overlap": "/overlap?first=CSTO&second=GUAM&on=2000-01-01",
  "speeds": "/speeds?organization=CIS&from=1992&to=2012",
  "incompatible": "/incompatible?on=2012-07-01",
  "conflicts": "/conflicts",
  "conflict": "/conflicts/K05",
  "source": "/sources/vinokurov-2005",
  "search": "/search?q=customs",
  "nothing-found": "/search?q=zzzzzz",
  "terms": "/terms",
  "votes": "/votes",
  "vote": "/votes?organization=EurAsEC&on=2003-01-01&sweep=yes&coalitions=yes&outvote=BLR",
  "compose": "/votes/compose",
  "compose-from": "/votes/compose?organization=eu&on=2010-01-01",
  "lab": "/lab",
  "blocs": "/blocs",
  "blocs-between": "/blocs?scenario=two-unions-2012",
  "claims": "/claims",
  "data": "/data",
  "pack": "/data/packs/post-soviet",
  "economy": "/data/economies/post-soviet-2004",
  "own": "/data/own",
};
