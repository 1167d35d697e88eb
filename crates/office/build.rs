//! Compresses the files of the office, and gives each a name that changes with its contents.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::{env, fs};

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

/// Files, each with its media type.
const FILES: [(&str, &str); 3] = [
    ("office.css", "text/css; charset=utf-8"),
    ("office.js", "text/javascript; charset=utf-8"),
    ("htmx.js", "text/javascript; charset=utf-8"),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = env::var("OUT_DIR")?;
    println!("cargo::rerun-if-changed=assets");
    let mut table = String::from("[\n");
    for (name, media_type) in FILES {
        let bytes = fs::read(Path::new("assets").join(name))?;
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&bytes)?;
        let packed = Path::new(&out).join(name);
        fs::write(&packed, encoder.finish()?)?;
        let mark: String = Sha256::digest(&bytes).iter().take(5).fold(String::new(), |mut mark, byte| {
            let _ = write!(mark, "{byte:02x}");
            mark
        });
        let (stem, extension) = name.split_once('.').unwrap_or((name, ""));
        writeln!(
            table,
            "    Asset {{ file: {name:?}, name: \"{stem}-{mark}.{extension}\", media_type: {media_type:?}, \
             bytes: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}\")) }},"
        )?;
    }
    table.push(']');
    fs::write(Path::new(&out).join("assets.rs"), table)?;
    Ok(())
}
