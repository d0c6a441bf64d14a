//! Which driver a connected device needs, by the characteristics that were found: never by its name.
//!
//! Names are reused and rebranded, and Nordic UART is spoken by two incompatible oximeter families and by hundreds of
//! other gadgets; only what is found after connecting tells them apart.

mod choose;

use uuid::Uuid;

pub use choose::choose;
pub(crate) use choose::{Wiring, Write};

/// A characteristic and the service that it was found in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Endpoint {
    /// The service.
    pub service: Uuid,
    /// The characteristic.
    pub characteristic: Uuid,
}

/// A protocol family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// Bluetooth SIG Pulse Oximeter Service.
    Plx,
    /// Nonin's own stream, data format 19.
    Nonin,
    /// Viatom "oxy": O2Ring, Checkme O2, SleepU and others, which are asked for each value.
    ViatomOxy,
    /// Viatom OxyII: O2Ring-S and others.
    OxyII,
    /// Viatom, Lepu and Creative PC-60 frames.
    Pc60,
    /// Berry BM1000.
    Berry,
    /// Jumper JPD-500F and its clones.
    Jumper,
    /// Contec CMS50D-BT, EMAY SleepO2.
    Contec,
    /// Beurer PO60: stored records only.
    Po60,
    /// The newer ChoiceMMed devices.
    ChoiceMmed,
    /// Masimo MightySat.
    Masimo,
    /// TaiDoc, FORA.
    TaiDoc,
    /// Yuwell YX110.
    Yuwell,
    /// JKS50F.
    Jks50f,
    /// VTM 20F, FS20F.
    Vtm20f,
    /// ACCARE WS20A.
    Accare,
}

/// How well a family's protocol is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// One source, or a guess where the source is silent: decoded, and no reading unless the configuration says so.
    Thin,
    /// Two or more sources agree, or the maker's document says so.
    Documented,
    /// The specification, or bytes of real devices with good checksums.
    Captured,
}

/// What to do with a device after its services are known. Lists are in the order to go through them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The driver to use.
    pub family: Family,
    /// Subscribe to these, all of them before the first write; stored data can flow before live data.
    pub subscribe: Vec<Endpoint>,
    /// Read these once; a failure is no reason to stop.
    pub read: Vec<Endpoint>,
    /// Where commands are written.
    pub write: Option<Endpoint>,
    /// Where the device's clock can be set by the Bluetooth SIG's service, when it has one.
    pub clock: Option<Endpoint>,
    /// Values of now come by themselves or when asked: silence means a dead link.
    pub streams: bool,
}

impl Family {
    /// Every family.
    pub const ALL: [Self; 16] = [
        Self::Plx,
        Self::Nonin,
        Self::ViatomOxy,
        Self::OxyII,
        Self::Pc60,
        Self::Berry,
        Self::Jumper,
        Self::Contec,
        Self::Po60,
        Self::ChoiceMmed,
        Self::Masimo,
        Self::TaiDoc,
        Self::Yuwell,
        Self::Jks50f,
        Self::Vtm20f,
        Self::Accare,
    ];

    /// The name for logs and configuration.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plx => "plx",
            Self::Nonin => "nonin",
            Self::ViatomOxy => "viatom_oxy",
            Self::OxyII => "oxyii",
            Self::Pc60 => "pc60",
            Self::Berry => "berry",
            Self::Jumper => "jumper",
            Self::Contec => "contec",
            Self::Po60 => "po60",
            Self::ChoiceMmed => "choicemmed",
            Self::Masimo => "masimo",
            Self::TaiDoc => "taidoc",
            Self::Yuwell => "yuwell",
            Self::Jks50f => "jks50f",
            Self::Vtm20f => "vtm20f",
            Self::Accare => "accare",
        }
    }

    /// The family of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|family| family.name() == name)
    }

    /// How well its protocol is known.
    #[must_use]
    pub const fn evidence(self) -> Evidence {
        match self {
            Self::Plx
            | Self::Pc60
            | Self::ViatomOxy
            | Self::OxyII
            | Self::Jumper
            | Self::Contec => Evidence::Captured,
            Self::Nonin | Self::Berry | Self::Po60 | Self::ChoiceMmed | Self::Masimo => {
                Evidence::Documented
            }
            Self::TaiDoc | Self::Yuwell | Self::Jks50f | Self::Vtm20f | Self::Accare => {
                Evidence::Thin
            }
        }
    }
}
