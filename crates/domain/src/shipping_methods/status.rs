crate::word::words! {
    /// Whether a shipping method is offered.
    #[derive(Default)]
    MethodStatus {
        /// It is offered.
        #[default]
        Active = "active",
        /// It is not offered.
        Inactive = "inactive",
    }
}
