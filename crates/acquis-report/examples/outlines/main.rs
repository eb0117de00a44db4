//! Makes `data/outlines.json`, the shapes that maps are drawn from, out of the two packages of
//! outlines whose viewpoints it joins:
//!
//! ```text
//! cargo run --release -p acquis-report --example outlines -- \
//!     WORLD-ATLAS/countries-50m.json VISIONSCARTO/50m.json crates/acquis-report/data/outlines.json
//! ```
//!
//! Both are TopoJSON of Natural Earth, and nearly the same: the second drops points of the first
//! and draws some borders elsewhere. Laid over each other they cut the land into *areas* that
//! each of them gives as a whole to one state. Where both name the same state, the area is its
//! land. Where they differ, it is an area of its own, with the state that each source draws it
//! in; the program never decides between them.
//!
//! Points that a page cannot show are dropped line by line, so that neighbours keep one common
//! border, and islets go unless they are all that a state has. Antarctica is left out. The cut
//! along the 180th meridian is closed: longitudes run on beyond 180.

mod chains;
mod overlay;
mod simplify;
mod source;
mod write;

use std::error::Error;
use std::path::PathBuf;

/// What an area may be drawn in: the state of each source, by its place in the list of codes.
type Owners = [Option<usize>; 2];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [first, second, out] = arguments.as_slice() else {
        return Err("give two files to read and one to write".into());
    };
    let codes = source::Codes::read(second)?;
    let sources = [source::read(first, &codes)?, source::read(second, &codes)?];
    let segments = overlay::overlay(&sources)?;
    let mut map = chains::chain(&segments)?;
    simplify::simplify(&mut map);
    write::write(&map, &codes, out)?;
    Ok(())
}
