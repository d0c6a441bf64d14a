//! Says aloud when the pages' style sheet has not been fetched yet: without it the board is legible, but plain.

fn main() {
    println!("cargo::rerun-if-changed=static");
    println!("cargo::rerun-if-changed=templates");
    if !std::path::Path::new("static/vendor/nhsuk-frontend.min.css").exists() {
        println!(
            "cargo::warning=static/vendor/nhsuk-frontend.min.css is missing: run `cargo xtask setup --for demo` and build again"
        );
    }
}
