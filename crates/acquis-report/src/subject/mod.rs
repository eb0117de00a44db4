//! The program's answers as tables, charts, pages and JSON: one function for each, so that
//! the command line, the web server and Python show the same thing.
//!
//! * [`answer`]: the files of a scenario's answer;
//! * [`comparison`]: several answers side by side;
//! * [`blocs`]: which union would hold, who pays whom, who joins first;
//! * [`dispute`]: where sources disagree, and their figures computed again;
//! * [`everybody`]: who and what there ever was, and how it hangs together on a day;
//! * [`history`]: the story of a pair, what changed between two days, acts in order;
//! * [`duty`]: what binds, what leaving would end, overlaps, incompatible commitments;
//! * [`economy`]: economies, what was repaired in them, how far their figures are off;
//! * [`gravity`]: regressions as journals print them, and the stages joined to a panel;
//! * [`instrument`]: by what states move others;
//! * [`law`]: what binds a state, who is in an organization, what holds between two;
//! * [`reform`]: what a reform does to the law, in words;
//! * [`scenario`]: a reform's law before and after, and what it does to each economy;
//! * [`outcome`]: pictures of what a reform does to each economy;
//! * [`sectors`]: what an economy of many sectors tells beyond that;
//! * [`vote`]: the power of each member of an organ, and what would change it;
//! * [`pack`]: what a pack holds, whom it cites, what is wrong with it;
//! * [`picture`]: memberships, stages, lives and stories as charts and maps;
//! * [`page`]: a scenario's report as one page.

pub mod answer;
pub mod blocs;
pub mod comparison;
pub mod dispute;
pub mod duty;
pub mod economy;
pub mod everybody;
pub mod gravity;
pub mod history;
pub mod instrument;
pub mod law;
mod origin;
pub mod outcome;
pub mod pack;
pub mod page;
pub mod picture;
pub mod reform;
pub mod scenario;
pub mod sectors;
pub mod vote;
