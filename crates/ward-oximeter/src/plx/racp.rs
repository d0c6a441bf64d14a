//! Record Access Control Point, 2A52, as PLXS 1.0.1 profiles it (section 3.4): all records or none, no operands.

use std::borrow::Cow;

use crate::error::DecodeError;
use crate::fields::Fields;

/// What the client may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// Send all stored records.
    Report,
    /// Delete all stored records: only after they are durable elsewhere.
    Delete,
    /// Stop what is going on.
    Abort,
    /// How many records are stored?
    Count,
}

/// One value written to, or indicated by, the control point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Racp {
    /// Client to device.
    Request {
        request: Request,
        operator: u8,
        trailing: usize,
    },
    /// Device to client: the number of stored records.
    Count {
        operator: u8,
        count: u16,
        trailing: usize,
    },
    /// Device to client: how a request ended.
    Response {
        operator: u8,
        request: OpCode,
        code: ResponseCode,
        trailing: usize,
    },
    /// An op code that PLXS does not know.
    Unknown { opcode: u8 },
}

/// The op code that a response answers; a device may answer to one that PLXS does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpCode(pub u8);

/// How a request ended, 1 to 9 by PLXS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResponseCode(pub u8);

impl Request {
    const ALL: [Self; 4] = [Self::Report, Self::Delete, Self::Abort, Self::Count];

    /// The bytes to write.
    #[must_use]
    pub const fn encode(self) -> [u8; 2] {
        match self {
            Self::Report => [1, 1],
            Self::Delete => [2, 1],
            Self::Abort => [3, 0],
            Self::Count => [4, 1],
        }
    }

    /// Its op code.
    #[must_use]
    pub const fn op_code(self) -> OpCode {
        let [code, _] = self.encode();
        OpCode(code)
    }

    /// `report`, `delete`, `abort`, `count`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Delete => "delete",
            Self::Abort => "abort",
            Self::Count => "count",
        }
    }
}

impl OpCode {
    /// The request, when it is one of PLXS.
    #[must_use]
    pub fn request(self) -> Option<Request> {
        Request::ALL
            .into_iter()
            .find(|request| request.op_code() == self)
    }

    /// The request's name, or `opN`.
    #[must_use]
    pub fn name(self) -> Cow<'static, str> {
        self.request().map_or_else(
            || format!("op{}", self.0).into(),
            |request| request.name().into(),
        )
    }
}

impl ResponseCode {
    /// Done.
    pub const SUCCESS: Self = Self(1);
    /// Nothing is stored.
    pub const NO_RECORDS: Self = Self(6);

    /// The code's name, or `codeN`.
    #[must_use]
    pub fn name(self) -> Cow<'static, str> {
        match self.0 {
            1 => "success".into(),
            2 => "opcode_unsupported".into(),
            3 => "invalid_operator".into(),
            4 => "operator_unsupported".into(),
            5 => "invalid_operand".into(),
            6 => "no_records".into(),
            7 => "abort_unsuccessful".into(),
            8 => "not_completed".into(),
            9 => "operand_unsupported".into(),
            other => format!("code{other}").into(),
        }
    }
}

impl Racp {
    /// Decodes a 2A52 value, in either direction.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`] with the field that is missing.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        const COUNT_RESPONSE: u8 = 5;
        const RESPONSE: u8 = 6;
        let mut fields = Fields::new(bytes);
        let opcode = fields.u8("opcode")?;
        let request = OpCode(opcode).request();
        if request.is_none() && opcode != COUNT_RESPONSE && opcode != RESPONSE {
            return Ok(Self::Unknown { opcode });
        }
        let operator = fields.u8("operator")?;
        Ok(match request {
            Some(request) => Self::Request {
                request,
                operator,
                trailing: fields.trailing(),
            },
            None if opcode == COUNT_RESPONSE => {
                let count = fields.u16("count")?;
                Self::Count {
                    operator,
                    count,
                    trailing: fields.trailing(),
                }
            }
            None => {
                let request = OpCode(fields.u8("request")?);
                let code = ResponseCode(fields.u8("code")?);
                Self::Response {
                    operator,
                    request,
                    code,
                    trailing: fields.trailing(),
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_we_write_decodes_as_what_we_meant() {
        for request in Request::ALL {
            let decoded = Racp::decode(&request.encode()).unwrap();
            assert!(
                matches!(decoded, Racp::Request { request: same, trailing: 0, .. } if same == request)
            );
        }
    }

    #[test]
    fn numbers_that_nobody_knows_keep_their_number() {
        assert_eq!(Racp::decode(&[9]), Ok(Racp::Unknown { opcode: 9 }));
        assert_eq!(
            (OpCode(9).name(), ResponseCode(119).name()),
            ("op9".into(), "code119".into())
        );
    }
}
