/// Which pictures are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MediaFilter {
    /// Only those that nothing shows.
    pub is_unused: bool,
}
