//! The program's answers as tables, charts, pages and JSON: one function for each, so that
//! the command line, the web server and Python show the same thing.
//!
//! * [`law`]: what binds a state, who is in an organization, what holds between two;
//! * [`scenario`]: a reform's law before and after, and what it does to each economy;
//! * [`page`]: a scenario's report as one page.

pub mod law;
pub mod page;
pub mod scenario;
