//! Where a user's data belong.

use std::path::PathBuf;

use etcetera::BaseStrategy as _;

use crate::error::StoreError;

/// The folder for this program's data by the custom of the platform: below
/// `$XDG_DATA_HOME` or `~/.local/share` on Linux, `~/Library/Application Support` on macOS,
/// `%APPDATA%` on Windows. It need not exist.
///
/// # Errors
/// [`StoreError::NoFolder`] where the user has no home.
pub fn default_folder() -> Result<PathBuf, StoreError> {
    let custom = etcetera::base_strategy::choose_native_strategy();
    let custom = custom.map_err(|_| StoreError::NoFolder)?;
    Ok(custom.data_dir().join("acquis"))
}
