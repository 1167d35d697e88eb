crate::word::words! {
    /// Why a buyer owes no tax. Staff set it.
    Exemption {
        /// The buyer pays the tax to the state.
        ReverseCharge = "reverse_charge",
        /// The buyer is exempt.
        Exempt = "exempt",
        /// The goods are exported.
        Export = "export",
    }
}
