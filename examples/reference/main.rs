//! Writes the generated pages of the book: `cargo run --example reference`.
//!
//! A test holds the committed pages against these texts, so that the documentation cannot lag behind the program.
#![cfg_attr(target_arch = "wasm32", allow(unused))]

mod pages;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for (file, text) in pages::all()? {
        std::fs::write(file, text)?;
    }
    Ok(())
}
