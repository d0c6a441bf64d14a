//! One decoded packet of any family, and what it means for readings.

use uuid::Uuid;

use crate::accare::Accare;
use crate::berry::Stretch;
use crate::choicemmed::ChoiceMmed;
use crate::contec::Contec;
use crate::date_time::{CurrentTime, Stamp};
use crate::device_info::{BatteryLevel, SystemId};
use crate::family::{Evidence, Family};
use crate::fe::Fe;
use crate::jks50f::Jks50f;
use crate::judge::{self, Reason, Value};
use crate::jumper::Jumper;
use crate::masimo::MasimoFrame;
use crate::nonin::Df19;
use crate::oxyii::OxyIIFrame;
use crate::pc60::Pc60Frame;
use crate::plx::{Continuous, Features, Racp, SpotCheck};
use crate::po60::Po60;
use crate::settle::Record;
use crate::taidoc::TaiDoc;
use crate::viatom_oxy::OxyFrame;

/// One decoded packet. A [`Settle`](crate::Settle) makes readings of those that measure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// 2A5E. The bytes are kept: with the device's stamp they tell a repeat from a new measurement.
    PlxSpotCheck {
        /// Decoded.
        check: SpotCheck,
        /// As it came.
        raw: Vec<u8>,
    },
    /// 2A5F.
    PlxContinuous(Continuous),
    /// 2A60.
    PlxFeatures(Features),
    /// 2A52.
    Racp(Racp),
    /// One second of a Nonin's own stream.
    Nonin {
        /// Decoded.
        second: Df19,
        /// The device's own final of this finger, said for the first time.
        completes: bool,
        /// As it came.
        raw: Vec<u8>,
    },
    /// One frame of a Viatom "oxy" device.
    ViatomOxy(OxyFrame),
    /// One frame of an OxyII device.
    OxyII(OxyIIFrame),
    /// One message of a MightySat.
    Masimo(MasimoFrame),
    /// One frame of a PC-60 stream.
    Pc60 {
        /// Decoded.
        frame: Pc60Frame,
        /// From marker to checksum.
        raw: Vec<u8>,
    },
    /// Packets of a Berry in a row that said the same.
    Berry(Stretch),
    /// One notification of a Jumper.
    Jumper(Jumper),
    /// One frame of a Contec or an EMAY.
    Contec(Contec),
    /// One frame of a PO60.
    Po60(Po60),
    /// One notification or indication of a newer ChoiceMMed device.
    ChoiceMmed(ChoiceMmed),
    /// One frame of a TaiDoc.
    TaiDoc {
        /// Decoded.
        frame: TaiDoc,
        /// From marker to sum.
        raw: Vec<u8>,
    },
    /// One frame of a Yuwell.
    Yuwell(Fe),
    /// One frame of a VTM 20F.
    Vtm20f(Fe),
    /// One frame of a JKS50F.
    Jks50f(Jks50f),
    /// One frame of an ACCARE.
    Accare(Accare),
    /// 2A19.
    Battery(BatteryLevel),
    /// 2A23.
    SystemId(SystemId),
    /// 2A2B.
    CurrentTime(CurrentTime),
    /// 2A08.
    DateTime(Stamp),
    /// A text of the Device Information Service.
    Text {
        /// Which one.
        characteristic: Uuid,
        /// Without padding.
        text: String,
    },
}

/// What a packet means for readings, whatever family sent it. [`Settle`](crate::Settle) knows nothing else of families.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// One sample of a continuous stream.
    Sample(Result<Value, Reason>),
    /// A final value of the device's own, once for each measurement: of now, or from its memory.
    Final(Result<Value, Reason>, Record),
    /// How far a spot measurement of the device's own has come. Its result is repeated for as long as it is shown: only
    /// the first one counts.
    Stage {
        /// Its result will come by itself: no window of samples needs to be given meanwhile.
        is_measuring: bool,
        /// Its result.
        result: Option<(Result<Value, Reason>, Record)>,
    },
    /// The pulse wave. Values beside a flat one are repeats of the last true value.
    Wave {
        /// No pulse wave at all.
        is_flat: bool,
    },
    /// What is left in the battery, in percent.
    Battery(u8),
}

impl Frame {
    /// What the packet means for readings: nothing, one thing, or several, in the order to take them.
    #[must_use]
    pub fn meanings(&self) -> Vec<Meaning> {
        match self {
            Self::PlxSpotCheck { check, raw } => {
                vec![Meaning::Final(
                    judge::spot_check(check),
                    Record::of_spot_check(check, raw),
                )]
            }
            Self::PlxContinuous(live) => vec![Meaning::Sample(judge::continuous(live))],
            Self::Nonin {
                second,
                completes,
                raw,
            } => second.meanings(*completes, raw),
            Self::ViatomOxy(frame) => frame.sensors().map_or_else(Vec::new, |now| now.meanings()),
            Self::OxyII(frame) => frame.live().map_or_else(Vec::new, |now| now.meanings()),
            Self::Masimo(frame) => (frame.parameters).map_or_else(Vec::new, |now| now.meanings()),
            Self::Pc60 { frame, raw } => frame.meaning(raw).into_iter().collect(),
            Self::Berry(stretch) => stretch.meanings(),
            Self::Jumper(frame) => frame.meanings(),
            Self::Contec(frame) => frame.meanings(),
            Self::Po60(frame) => frame.meanings(),
            Self::ChoiceMmed(frame) => frame.meanings(),
            Self::TaiDoc { frame, raw } => frame.meanings(raw),
            Self::Yuwell(frame) | Self::Vtm20f(frame) => frame.meanings(),
            Self::Jks50f(frame) => frame.meanings(),
            Self::Accare(frame) => frame.meanings(),
            Self::Battery(level) => level.percent().map(Meaning::Battery).into_iter().collect(),
            Self::PlxFeatures(_)
            | Self::Racp(_)
            | Self::SystemId(_)
            | Self::CurrentTime(_)
            | Self::DateTime(_)
            | Self::Text { .. } => Vec::new(),
        }
    }

    /// The family whose own frame this is; `None` for what any device may send.
    #[must_use]
    pub const fn family(&self) -> Option<Family> {
        Some(match self {
            Self::PlxSpotCheck { .. }
            | Self::PlxContinuous(_)
            | Self::PlxFeatures(_)
            | Self::Racp(_) => Family::Plx,
            Self::Nonin { .. } => Family::Nonin,
            Self::ViatomOxy(_) => Family::ViatomOxy,
            Self::OxyII(_) => Family::OxyII,
            Self::Masimo(_) => Family::Masimo,
            Self::Pc60 { .. } => Family::Pc60,
            Self::Berry(_) => Family::Berry,
            Self::Jumper(_) => Family::Jumper,
            Self::Contec(_) => Family::Contec,
            Self::Po60(_) => Family::Po60,
            Self::ChoiceMmed(_) => Family::ChoiceMmed,
            Self::TaiDoc { .. } => Family::TaiDoc,
            Self::Yuwell(_) => Family::Yuwell,
            Self::Vtm20f(_) => Family::Vtm20f,
            Self::Jks50f(_) => Family::Jks50f,
            Self::Accare(_) => Family::Accare,
            Self::Battery(_)
            | Self::SystemId(_)
            | Self::CurrentTime(_)
            | Self::DateTime(_)
            | Self::Text { .. } => return None,
        })
    }

    /// Nobody has proved that this family's bytes mean what we take them for.
    pub(crate) fn is_unproven(&self) -> bool {
        self.family()
            .is_some_and(|family| family.evidence() == Evidence::Thin)
    }
}
