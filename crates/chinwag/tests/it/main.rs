//! The stories of the product, told through its outer border: one test binary.

mod store_contract;
