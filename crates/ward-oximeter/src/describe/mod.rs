//! What bytes decode to, as JSON with the names of `vectors/ble.json`: for `wardlight-bridge decode` and for the test of
//! every vector, which go this same way.
//!
//! One capture is an object: `kind` alone chooses the decoder, `hex` holds the bytes; `chunks` holds the pieces of one
//! stream instead, `steps` the writes and indications of a fetch of stored records. Other members are ignored. What
//! cannot be decoded is `{"ok": false, "error": …}`, never the end.

mod fields;
mod hex;
mod makers;
mod pc60;
mod sequence;
mod sig;
mod unproven;
mod vendor;

use serde_json::Value;

use crate::accare::Accare;
use crate::berry::Bci;
use crate::contec::Ff02;
use crate::error::DecodeError;
use crate::fe::Stream;
use crate::jks50f::Jks50f;
use crate::masimo::Masimo;
use crate::oxyii::OxyII;
use crate::pc60::Pc60;
use crate::po60::Stored;
use crate::stream::{Framing, Reassembler};
use crate::taidoc::TaiDoc;
use crate::viatom_oxy::ViatomOxy;
use crate::vtm20f::Vtm20f;
use crate::yuwell::Yuwell;
use fields::Fields;

/// One kind's decoder, which writes down what it found.
type Describe = fn(&mut Fields, &[u8]) -> Result<(), DecodeError>;
/// Cuts the frames out of the pieces of one stream.
type Cut = fn(&[Vec<u8>]) -> Vec<Vec<u8>>;

const KINDS: &[(&str, Describe)] = &[
    ("sfloat", sig::sfloat),
    ("date_time", sig::date_time),
    ("current_time", sig::current_time),
    ("plx_spot", sig::spot_check),
    ("plx_cont", sig::continuous),
    ("plx_features", sig::features),
    ("racp", sig::racp),
    ("battery_2a19", sig::battery),
    ("system_id", sig::system_id),
    ("nonin_df19", vendor::nonin),
    ("viatom_frame", vendor::viatom_frame),
    ("viatom_0x17_payload", vendor::viatom_sensors),
    ("oxyii_frame", vendor::oxyii_frame),
    ("masimo", vendor::masimo),
    ("pc60_frame", pc60::frame),
    ("berry_bci", makers::berry),
    ("jumper", makers::jumper),
    ("contec", makers::contec),
    ("po60_record", makers::po60),
    ("choicemmed_fff1", makers::choicemmed),
    ("taidoc", unproven::taidoc),
    ("yuwell", unproven::yuwell),
    ("vtm20f", unproven::vtm20f),
    ("jks50f", unproven::jks50f),
    ("accare", unproven::accare),
];

/// By the kind without `_frame` or `_stream` at its end.
const STREAMS: &[(&str, Cut)] = &[
    ("viatom", cut::<ViatomOxy>),
    ("oxyii", cut::<OxyII>),
    ("masimo", cut::<Masimo>),
    ("pc60", cut::<Pc60>),
    ("berry_bci", cut::<Bci>),
    ("contec", cut::<Ff02>),
    ("po60_record", cut::<Stored>),
    ("taidoc", cut::<TaiDoc>),
    ("yuwell", cut::<Stream<Yuwell>>),
    ("vtm20f", cut::<Stream<Vtm20f>>),
    ("jks50f", cut::<Jks50f>),
    ("accare", cut::<Accare>),
    //
];

/// Why a capture could not be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum Problem {
    #[error(transparent)]
    Bytes(#[from] DecodeError),
    #[error("kind: a text is needed")]
    NoKind,
    #[error("kind: no decoder has this name")]
    UnknownKind,
    #[error("{0}: a text of hex digits, two for each byte, is needed")]
    Hex(&'static str),
    #[error("{0}: a list is needed")]
    List(&'static str),
    #[error("an object is needed")]
    NoObject,
}

/// Decodes one capture. `Value::is_object` holds of every answer.
#[must_use]
pub fn capture(capture: &Value) -> Value {
    described(capture).unwrap_or_else(|problem| refusal(&problem.to_string()))
}

/// Whether a decoder has this kind.
#[must_use]
pub fn knows(kind: &str) -> bool {
    kind == "sequence" || describe_of(kind).is_some() || cut_of(kind).is_some()
}

/// The answer to what cannot be decoded.
#[must_use]
pub fn refusal(error: &str) -> Value {
    serde_json::json!({ "ok": false, "error": error })
}

fn described(capture: &Value) -> Result<Value, Problem> {
    let capture = capture.as_object().ok_or(Problem::NoObject)?;
    let present = |name: &str| capture.get(name).filter(|value| !value.is_null());
    let kind = present("kind")
        .and_then(Value::as_str)
        .ok_or(Problem::NoKind)?;
    if let Some(steps) = present("steps").or((kind == "sequence").then_some(&Value::Null)) {
        return sequence::described(steps.as_array().ok_or(Problem::List("steps"))?);
    }
    let chunks = present("chunks")
        .map(|chunks| chunks.as_array().ok_or(Problem::List("chunks")))
        .transpose()?;
    let pieces = match chunks {
        Some(chunks) => chunks
            .iter()
            .map(|chunk| hex::bytes("chunks", Some(chunk)))
            .collect::<Result<_, _>>()?,
        None => vec![hex::bytes("hex", present("hex"))?],
    };
    let is_stream = kind.ends_with("_stream");
    let cut = (is_stream || chunks.is_some())
        .then(|| cut_of(kind))
        .flatten();
    let mut fields = Fields::default();
    match cut {
        Some(cut) => {
            let frames = cut(&pieces);
            if let ([only], Some(describe), false) = (&frames[..], describe_of(kind), is_stream) {
                describe(&mut fields, only)?;
            }
            let frames: Vec<_> = frames.iter().map(|frame| hex::digits(frame)).collect();
            fields.set("frames", frames);
        }
        None => describe_of(kind).ok_or(Problem::UnknownKind)?(&mut fields, &pieces.concat())?,
    }
    fields.set("ok", true);
    Ok(fields.into())
}

fn describe_of(kind: &str) -> Option<Describe> {
    let known = KINDS.iter().find(|(name, _)| *name == kind)?;
    Some(known.1)
}

fn cut_of(kind: &str) -> Option<Cut> {
    let stem = kind
        .strip_suffix("_stream")
        .or_else(|| kind.strip_suffix("_frame"))
        .unwrap_or(kind);
    let known = STREAMS.iter().find(|(name, _)| *name == stem)?;
    Some(known.1)
}

fn cut<F: Framing>(pieces: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut stream = Reassembler::<F>::default();
    pieces
        .iter()
        .flat_map(|piece| stream.push(piece))
        .filter_map(Result::ok)
        .collect()
}
