//! What the container files set is what the program reads.

use std::collections::BTreeSet;

use api::config::{Sources, load};
use api::wiring::CHECKS;

use super::sources::top;

/// The environment variables of the program that a file names.
fn variables(file: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(top().join(file)).unwrap();
    let names = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    names.filter(|name| name.starts_with("STOREKEEPER__")).map(str::to_owned).collect()
}

#[test]
fn container_files_set_only_known_settings_r73() {
    let settings = load(&Sources::default(), &CHECKS).unwrap().shown;
    let known: BTreeSet<_> =
        settings.iter().map(|shown| format!("STOREKEEPER__{}", shown.key.to_uppercase().replace('.', "__"))).collect();
    for file in ["Dockerfile", "docker-compose.yml"] {
        let set = variables(file);
        assert!(!set.is_empty() && set.is_subset(&known), "{file} sets {:?}", set.difference(&known));
    }
}

#[test]
fn the_shop_of_the_compose_file_has_a_place_for_pictures_and_a_key_for_webhooks_r168_r213() {
    let set = variables("docker-compose.yml");
    for variable in ["STOREKEEPER__MEDIA__STORE", "STOREKEEPER__SECRETS__KEY"] {
        assert!(set.contains(variable), "docker-compose.yml does not set {variable}");
    }
}

#[test]
fn no_container_file_has_a_secret_r73() {
    let compose = std::fs::read_to_string(top().join("docker-compose.yml")).unwrap();
    let secret = |line: &&str| ["PASSWORD:", "SECRET:", "KEY:", "URL:"].iter().any(|key| line.contains(key));
    let secrets: Vec<_> = compose.lines().filter(|line| !line.contains("RANDOM")).filter(secret).collect();
    assert!(secrets.len() >= 5 && secrets.iter().all(|line| line.contains(":?")), "{secrets:?}");
    let example = std::fs::read_to_string(top().join(".env.example")).unwrap();
    let given: Vec<_> = example.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
    assert!(given.iter().all(|line| line.ends_with('=')), "{given:?}");
}
