//! Makes sure that the web app's folder is there, so that the server also builds before the web app
//! does: then it has only the plain pages.

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=../../web/dist");
    std::fs::create_dir_all("../../web/dist")
}
