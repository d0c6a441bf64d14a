//! `org.bluez.AgentManager1`, and asking the agent.

use std::sync::Arc;

use zbus::message::Header;
use zbus::{Connection, ObjectPath, OwnedObjectPath, interface};

use super::adapter::BluezError;
use super::{Call, World};

/// Who has registered, and where its agent is.
#[derive(Clone)]
pub(super) struct Registered {
    name: String,
    path: OwnedObjectPath,
}

pub(super) struct Manager(pub(super) Arc<World>);

#[expect(
    clippy::needless_pass_by_value,
    reason = "the interface hands arguments over by value"
)]
#[interface(name = "org.bluez.AgentManager1")]
impl Manager {
    fn register_agent(
        &self,
        path: OwnedObjectPath,
        capability: String,
        #[zbus(header)] header: Header<'_>,
    ) {
        assert_eq!(capability, "NoInputNoOutput", "nobody is at the box");
        self.0.call(Call::RegisterAgent);
        let name = header.sender().unwrap().to_string();
        *self.0.agent.lock().unwrap() = Some(Registered { name, path });
    }
    fn request_default_agent(&self, _path: OwnedObjectPath) {}
}

impl World {
    /// Whether the agent lets this device pair. Without an agent nobody does.
    pub(super) async fn agent_allows(
        &self,
        connection: &Connection,
        device: &str,
    ) -> Result<(), BluezError> {
        let agent = self.agent.lock().unwrap().clone();
        let rejected = || BluezError::AuthenticationRejected("Authentication Rejected".into());
        let Some(agent) = agent else {
            return Err(rejected());
        };
        let device = ObjectPath::try_from(device).unwrap();
        connection
            .call_method(
                Some(agent.name.as_str()),
                &agent.path,
                Some("org.bluez.Agent1"),
                "RequestAuthorization",
                &(device,),
            )
            .await
            .map(drop)
            .map_err(|_| rejected())
    }
}
