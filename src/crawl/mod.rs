//! (in the making)

pub mod sitemap;
