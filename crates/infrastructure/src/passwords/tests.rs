use std::time::Instant;

use super::*;

fn config() -> BcryptConfig {
    BcryptConfig::new(4)
}

fn hasher() -> BcryptHasher {
    BcryptHasher::new(config()).unwrap()
}

fn claimed(text: &str) -> Password {
    Password::claimed(text.to_owned())
}

#[tokio::test]
async fn a_password_differs_from_every_other_up_to_its_last_byte_r24() {
    let hasher = hasher();
    for length in [12, 71, 72] {
        let password = Password::parse(&"x".repeat(length)).unwrap();
        let hash = hasher.hash(&password).await.unwrap();
        assert!(hash.reveal().starts_with("$2b$04$"));
        assert!(hasher.verify(&password, Some(&hash)).await.unwrap(), "{length}");
        let shorter = claimed(&"x".repeat(length - 1));
        let longer = claimed(&"x".repeat(length + 1));
        let other = claimed(&format!("{}y", "x".repeat(length - 1)));
        let with_nul = claimed(&format!("{}\0", "x".repeat(length)));
        for wrong in [shorter, longer, other, with_nul, claimed("")] {
            assert!(!hasher.verify(&wrong, Some(&hash)).await.unwrap(), "{length}: {} bytes", wrong.reveal().len());
        }
    }
}

#[tokio::test]
async fn a_password_that_bcrypt_would_cut_is_refused_r24() {
    for bad in ["x".repeat(73), "twelve bytes\0".to_owned()] {
        assert!(matches!(hasher().hash(&claimed(&bad)).await, Err(Error::Internal(_))));
    }
}

#[tokio::test]
async fn an_unknown_user_and_an_impossible_password_take_the_usual_work_r1() {
    let slow = BcryptHasher::new(BcryptConfig { cost: 9, ..config() }).unwrap();
    let hash = slow.hash(&claimed("a right password")).await.unwrap();
    let mut times = Vec::new();
    for (password, hash) in [
        (claimed("a wrong password"), Some(&hash)),
        (claimed("a wrong password"), None),
        (claimed("nobody"), None),
        (claimed(&"x".repeat(100_000)), Some(&hash)),
        (claimed("a right password\0"), Some(&hash)),
        (claimed(&"x".repeat(100_000)), None),
    ] {
        let start = Instant::now();
        assert!(!slow.verify(&password, hash).await.unwrap());
        times.push(start.elapsed());
    }
    // A shortcut would take less than a hundredth; a machine under load makes some of them slower.
    let (fastest, slowest) = (times.iter().min().unwrap(), times.iter().max().unwrap());
    assert!(*fastest * 10 > *slowest, "{times:?}");
}

#[tokio::test]
async fn a_full_queue_is_answered_with_busy_r1() {
    let one = NonZeroUsize::MIN;
    let hasher = Arc::new(BcryptHasher::new(BcryptConfig { cost: 8, at_once: one, waiting: 2, ..config() }).unwrap());
    let verify = |_| {
        let hasher = Arc::clone(&hasher);
        tokio::spawn(async move { hasher.verify(&claimed("any password"), None).await })
    };
    let tasks: Vec<_> = (0..10).map(verify).collect();
    let mut busy = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(right) => assert!(!right),
            Err(Error::Busy { retry_after }) => {
                assert_eq!(retry_after, Duration::from_secs(5));
                busy += 1;
            }
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(busy, 7, "one works and two wait");
    assert!(hasher.verify(&claimed("any password"), None).await.is_ok(), "afterwards there is room again");
}

#[tokio::test]
async fn no_caller_waits_longer_than_the_limit_r1() {
    let impatient =
        BcryptConfig { cost: 10, at_once: NonZeroUsize::MIN, timeout_after: Duration::from_millis(1), ..config() };
    let hasher = Arc::new(BcryptHasher::new(impatient).unwrap());
    let other = Arc::clone(&hasher);
    let first = tokio::spawn(async move { other.verify(&claimed("any password"), None).await });
    tokio::task::yield_now().await;
    let second = hasher.verify(&claimed("any password"), None).await;
    assert!(matches!(second, Err(Error::Busy { .. })), "{second:?}");
    assert!(first.await.unwrap().is_ok());
}

#[test]
fn a_bcrypt_cost_out_of_range_is_refused_and_debug_shows_nothing_r73() {
    assert!(BcryptHasher::new(BcryptConfig::new(3)).is_err() && BcryptHasher::new(BcryptConfig::new(32)).is_err());
    assert!(!format!("{:?}", hasher()).contains("$2b$"));
}

#[tokio::test]
async fn hashes_of_every_cost_and_nobodys_take_the_same_work() {
    let cheap = BcryptHasher::new(BcryptConfig { cost: 5, ..config() }).unwrap();
    let costly = BcryptHasher::new(BcryptConfig { cost: 9, ..config() }).unwrap();
    let (of_5, of_9) = (
        cheap.hash(&claimed("a right password")).await.unwrap(),
        costly.hash(&claimed("a right password")).await.unwrap(),
    );
    cheap.expect_cost(9);
    for hasher in [cheap, costly] {
        let mut times = Vec::new();
        for hash in [Some(&of_5), Some(&of_9), None] {
            let start = Instant::now();
            assert!(!hasher.verify(&claimed("a wrong password"), hash).await.unwrap());
            times.push(start.elapsed());
        }
        // Without the work beside it, the cheap one would take a sixteenth.
        let (fastest, slowest) = (times.iter().min().unwrap(), times.iter().max().unwrap());
        assert!(*fastest * 4 > *slowest, "{times:?}");
        assert!(hasher.verify(&claimed("a right password"), Some(&of_5)).await.unwrap());
    }
}

#[tokio::test]
async fn a_hash_of_another_cost_is_outdated_and_its_cost_is_expected_from_then_on() {
    let hasher = hasher();
    let hash = |cost| PasswordHash::new(format!("$2b${cost:02}${}", "x".repeat(53)));
    assert!(
        !hasher.is_outdated(&hash(4))
            && hasher.is_outdated(&hash(5))
            && !hasher.is_outdated(&PasswordHash::new("x".into()))
    );
    hasher.verify(&claimed("any password"), Some(&nobody(6))).await.unwrap();
    assert_eq!(hasher.highest.load(Ordering::Relaxed), 6);
    hasher.expect_cost(30);
    assert_eq!(hasher.highest.load(Ordering::Relaxed), 6, "no configuration allows it");
}
