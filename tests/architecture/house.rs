//! The workspace as cargo sees it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

use serde::Deserialize;

/// The root of the checkout.
pub fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// All packages of the workspace, and what everything needs in the end.
#[derive(Clone, Debug)]
pub struct House {
    pub packages: Vec<Package>,
    /// Everything that a package is linked with, by name, tests not counted.
    pub linked: BTreeMap<String, BTreeSet<String>>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Package {
    id: String,
    pub name: String,
    #[serde(rename = "dependencies")]
    pub needs: Vec<Need>,
}

/// One line of a package's dependencies.
#[derive(Clone, Debug, Deserialize)]
pub struct Need {
    pub name: String,
    /// `None` for an ordinary one, else `dev` or `build`.
    pub kind: Option<String>,
    /// Set for a package of this workspace.
    pub path: Option<PathBuf>,
}

impl Need {
    pub fn is_only_for_tests(&self) -> bool {
        self.kind.as_deref() == Some("dev")
    }
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: BTreeSet<String>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Edge>,
}

#[derive(Deserialize)]
struct Edge {
    pkg: String,
    dep_kinds: Vec<EdgeKind>,
}

#[derive(Deserialize)]
struct EdgeKind {
    kind: Option<String>,
}

impl House {
    pub fn as_built() -> Self {
        static AS_BUILT: LazyLock<House> = LazyLock::new(House::ask_cargo);
        AS_BUILT.clone()
    }

    fn ask_cargo() -> Self {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let said = Command::new(cargo)
            .args(["metadata", "--format-version", "1", "--locked", "--offline"])
            .args(["--filter-platform", "x86_64-unknown-linux-gnu"])
            .current_dir(root())
            .output()
            .unwrap();
        assert!(
            said.status.success(),
            "cargo metadata: {}",
            String::from_utf8_lossy(&said.stderr)
        );
        Self::read(serde_json::from_slice(&said.stdout).unwrap())
    }

    fn read(metadata: Metadata) -> Self {
        let names: BTreeMap<String, String> = metadata
            .packages
            .iter()
            .map(|package| (package.id.clone(), package.name.clone()))
            .collect();
        let edges: BTreeMap<&str, &Node> = metadata
            .resolve
            .nodes
            .iter()
            .map(|node| (node.id.as_str(), node))
            .collect();
        let packages: Vec<Package> = metadata
            .packages
            .into_iter()
            .filter(|package| metadata.workspace_members.contains(&package.id))
            .collect();
        let linked = packages.iter().map(|package| {
            let mut found = BTreeSet::new();
            let mut next = vec![package.id.as_str()];
            while let Some(id) = next.pop() {
                let needed = edges.get(id).into_iter().flat_map(|node| &node.deps);
                for edge in needed.filter(|edge| !is_only_for_tests(edge)) {
                    if found.insert(edge.pkg.as_str()) {
                        next.push(&edge.pkg);
                    }
                }
            }
            let found = found.into_iter().filter_map(|id| names.get(id).cloned());
            (package.name.clone(), found.collect())
        });
        Self {
            linked: linked.collect(),
            packages,
        }
    }

    /// For planting a fault: one more line in a package's dependencies.
    pub fn with(mut self, package: &str, needs: &str, kind: Option<&str>) -> Self {
        let local = self
            .packages
            .iter()
            .any(|known| known.name == needs)
            .then(PathBuf::new);
        let found = self.packages.iter_mut().find(|it| it.name == package);
        found.unwrap().needs.push(Need {
            name: needs.to_owned(),
            kind: kind.map(str::to_owned),
            path: local,
        });
        self.linked
            .entry(package.to_owned())
            .or_default()
            .insert(needs.to_owned());
        self
    }
}

fn is_only_for_tests(edge: &Edge) -> bool {
    edge.dep_kinds
        .iter()
        .all(|how| how.kind.as_deref() == Some("dev"))
}
