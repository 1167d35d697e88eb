//! Style sheet and scripts, in the binary. Their names change with their contents, so that browsers keep them.

/// A file, compressed with gzip.
pub struct Asset {
    /// Its name in the folder `assets`.
    file: &'static str,
    /// Its name in addresses.
    pub name: &'static str,
    /// Its media type, such as `text/css`.
    pub media_type: &'static str,
    /// Its contents, compressed.
    pub bytes: &'static [u8],
}

impl Asset {
    /// The file of this name in addresses, and whether that is its name in this version. Another version gives the same
    /// file another mark, such as `office-0a1b2c3d4e.css`.
    pub fn named(name: &str) -> Option<(&'static Self, bool)> {
        let (stem, rest) = name.rsplit_once('-')?;
        let (_, extension) = rest.split_once('.')?;
        let asset = ASSETS.iter().find(|asset| asset.file.split_once('.') == Some((stem, extension)))?;
        Some((asset, asset.name == name))
    }
}

/// All of them.
pub const ASSETS: &[Asset] = &include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The name in addresses of a file in the folder `assets`.
pub(crate) fn named(file: &str) -> &'static str {
    ASSETS.iter().find(|asset| asset.file == file).map_or("", |asset| asset.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_a_name_that_its_contents_decide_r235() {
        for file in ["office.css", "office.js", "htmx.js"] {
            let (stem, extension) = file.split_once('.').unwrap();
            let name = named(file);
            assert!(name.starts_with(stem) && name.ends_with(extension) && name.len() == file.len() + 11, "{name}");
        }
        assert_eq!(named("other.css"), "");
    }

    #[test]
    fn the_name_that_another_version_gives_a_file_finds_this_versions_r235() {
        let (file, is_of_this_version) = Asset::named(named("office.css")).unwrap();
        assert_eq!((file.file, is_of_this_version), ("office.css", true));
        let (file, is_of_this_version) = Asset::named("office-0a1b2c3d4e.css").unwrap();
        assert_eq!((file.file, is_of_this_version), ("office.css", false));
        for other in ["office.css", "office-0a1b2c3d4e.png", "-.css", "shop-0a1b2c3d4e.css", ""] {
            assert!(Asset::named(other).is_none(), "{other}");
        }
    }

    #[test]
    fn the_first_page_needs_at_most_40_kilobytes_with_all_that_it_loads() {
        let sum: usize = ASSETS.iter().map(|asset| asset.bytes.len()).sum();
        assert!(sum < 35_000, "{sum} bytes, and a page of about 5,000 comes on top");
    }
}
