//! Style sheet and scripts, in the binary. Their names change with their contents, so that browsers keep them.

/// A file, compressed with gzip.
pub struct Asset {
    /// Its name in the folder `assets`.
    file: &'static str,
    /// Its name in addresses.
    pub name: &'static str,
    /// Its media type.
    pub media_type: &'static str,
    /// Its contents, compressed.
    pub bytes: &'static [u8],
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
    fn the_first_page_needs_at_most_40_kilobytes_with_all_that_it_loads_b9() {
        let sum: usize = ASSETS.iter().map(|asset| asset.bytes.len()).sum();
        assert!(sum < 35_000, "{sum} bytes, and a page of about 5,000 comes on top");
    }
}
