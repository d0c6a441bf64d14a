//! UUIDs of services and characteristics (Bluetooth SIG assigned numbers; vendors as seen in the field).

use uuid::{Uuid, uuid};

/// The 128-bit form of a 16-bit Bluetooth UUID.
#[must_use]
pub const fn short(id: u16) -> Uuid {
    let [high, low] = id.to_be_bytes();
    Uuid::from_bytes([
        0, 0, high, low, 0, 0, 0x10, 0, 0x80, 0, 0, 0x80, 0x5F, 0x9B, 0x34, 0xFB,
    ])
}

/// Pulse Oximeter Service.
pub const PLX_SERVICE: Uuid = short(0x1822);
/// PLX Spot-Check Measurement (indicate).
pub const PLX_SPOT_CHECK: Uuid = short(0x2A5E);
/// PLX Continuous Measurement (notify).
pub const PLX_CONTINUOUS: Uuid = short(0x2A5F);
/// PLX Features (read).
pub const PLX_FEATURES: Uuid = short(0x2A60);
/// Record Access Control Point (write, indicate).
pub const RACP: Uuid = short(0x2A52);

/// Battery Service.
pub const BATTERY_SERVICE: Uuid = short(0x180F);
/// Battery Level (read, sometimes notify).
pub const BATTERY_LEVEL: Uuid = short(0x2A19);

/// Current Time Service.
pub const CURRENT_TIME_SERVICE: Uuid = short(0x1805);
/// Current Time (read, sometimes write).
pub const CURRENT_TIME: Uuid = short(0x2A2B);
/// Date Time.
pub const DATE_TIME: Uuid = short(0x2A08);

/// Device Information Service.
pub const DEVICE_INFORMATION_SERVICE: Uuid = short(0x180A);
/// System ID.
pub const SYSTEM_ID: Uuid = short(0x2A23);
/// Model Number String.
pub const MODEL_NUMBER: Uuid = short(0x2A24);
/// Serial Number String.
pub const SERIAL_NUMBER: Uuid = short(0x2A25);
/// Firmware Revision String.
pub const FIRMWARE_REVISION: Uuid = short(0x2A26);
/// Hardware Revision String.
pub const HARDWARE_REVISION: Uuid = short(0x2A27);
/// Software Revision String.
pub const SOFTWARE_REVISION: Uuid = short(0x2A28);
/// Manufacturer Name String.
pub const MANUFACTURER_NAME: Uuid = short(0x2A29);

/// Nordic UART service: used by PC-60 devices, by newer ChoiceMMed ones, and by hundreds of other gadgets.
pub const NORDIC_UART_SERVICE: Uuid = uuid!("6e400001-b5a3-f393-e0a9-e50e24dcca9e");
/// Nordic UART, host to device.
pub const NORDIC_UART_WRITE: Uuid = uuid!("6e400002-b5a3-f393-e0a9-e50e24dcca9e");
/// Nordic UART, device to host.
pub const NORDIC_UART_NOTIFY: Uuid = uuid!("6e400003-b5a3-f393-e0a9-e50e24dcca9e");

/// PC-60 frames in another GATT dress (PC-66B, PC-60NW): service.
pub const PC60_FFF0_SERVICE: Uuid = short(0xFFF0);
/// The same, notifications.
pub const PC60_FFF0_NOTIFY: Uuid = short(0xFFF1);
/// The same, commands.
pub const PC60_FFF0_WRITE: Uuid = short(0xFFF2);
/// PC-60 frames in a third GATT dress (AP-20, PC-68B): service.
pub const PC60_FFB0_SERVICE: Uuid = short(0xFFB0);
/// The same, both ways.
pub const PC60_FFB0_BOTH: Uuid = short(0xFFB2);

/// Nonin's own service.
pub const NONIN_SERVICE: Uuid = uuid!("46a970e0-0d5f-11e2-8b5e-0002a5d5c51b");
/// Nonin, data format 19 (notify).
pub const NONIN_DF19: Uuid = uuid!("0aad7ea0-0d60-11e2-8e3c-0002a5d5c51b");
/// Nonin, control point (write).
pub const NONIN_CONTROL_POINT: Uuid = uuid!("1447af80-0d60-11e2-88b6-0002a5d5c51b");

/// Viatom "oxy": service.
pub const VIATOM_OXY_SERVICE: Uuid = uuid!("14839ac4-7d7e-415c-9a42-167340cf2339");
/// The same, answers.
pub const VIATOM_OXY_NOTIFY: Uuid = uuid!("0734594a-a8e7-4b1a-a6b1-cd5243059a57");
/// The same, requests.
pub const VIATOM_OXY_WRITE: Uuid = uuid!("8b00ace7-eb0b-49b0-bbe9-9aee0a26e1a3");

/// Viatom OxyII: service.
pub const OXYII_SERVICE: Uuid = uuid!("e8fb0001-a14b-98f9-831b-4e2941d01248");
/// The same, requests.
pub const OXYII_WRITE: Uuid = uuid!("e8fb0002-a14b-98f9-831b-4e2941d01248");
/// The same, answers.
pub const OXYII_NOTIFY: Uuid = uuid!("e8fb0003-a14b-98f9-831b-4e2941d01248");

/// Masimo MightySat: service. It is often quoted with too many digits.
pub const MASIMO_SERVICE: Uuid = uuid!("54c21000-a720-4b4f-11e4-9fe20002a5d5");
/// The same, requests.
pub const MASIMO_WRITE: Uuid = uuid!("54c21001-a720-4b4f-11e4-9fe20002a5d5");
/// The same, answers and values.
pub const MASIMO_NOTIFY: Uuid = uuid!("54c21002-a720-4b4f-11e4-9fe20002a5d5");

/// Berry: Microchip's transparent UART service.
pub const BERRY_SERVICE: Uuid = uuid!("49535343-fe7d-4ae5-8fa9-9fafd205e455");
/// Berry, device to host.
pub const BERRY_NOTIFY: Uuid = uuid!("49535343-1e4d-4bd9-ba61-23c647249616");

/// Jumper and its clones.
pub const JUMPER_SERVICE: Uuid = uuid!("cdeacb80-5235-4c07-8846-93a37ee6b86d");
/// Jumper, notifications.
pub const JUMPER_NOTIFY: Uuid = uuid!("cdeacb81-5235-4c07-8846-93a37ee6b86d");

/// Contec and Beurer PO60.
pub const CONTEC_SERVICE: Uuid = short(0xFF12);
/// Contec, commands.
pub const CONTEC_WRITE: Uuid = short(0xFF01);
/// Contec, notifications.
pub const CONTEC_NOTIFY: Uuid = short(0xFF02);

/// The newer ChoiceMMed devices, inside the Nordic UART service: indicated.
pub const CHOICEMMED_INDICATE: Uuid = short(0xFFF0);
/// The same, notified.
pub const CHOICEMMED_NOTIFY: Uuid = short(0xFFF1);
/// The same, read: has the shape of PLX Features.
pub const CHOICEMMED_FEATURES: Uuid = short(0xFFF2);

/// TaiDoc, FORA.
pub const TAIDOC_SERVICE: Uuid = uuid!("00001523-1212-efde-1523-785feabcd123");
/// TaiDoc, both ways.
pub const TAIDOC_BOTH: Uuid = uuid!("00001524-1212-efde-1523-785feabcd123");

/// A serial module's service, used by oximeters of four makers and by many other gadgets.
pub const FFE0_SERVICE: Uuid = short(0xFFE0);
/// The same, notifications of a JKS50F.
pub const FFE1_NOTIFY: Uuid = short(0xFFE1);
/// The same, notifications of Yuwell, VTM 20F and ACCARE.
pub const FFE4_NOTIFY: Uuid = short(0xFFE4);
/// The same, commands, on some VTM 20F.
pub const FFF2_WRITE: Uuid = short(0xFFF2);
/// The service for commands to an ACCARE.
pub const FFE5_SERVICE: Uuid = short(0xFFE5);
/// Commands to an ACCARE.
pub const FFE9_WRITE: Uuid = short(0xFFE9);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_uuid_sits_in_the_bluetooth_base() {
        assert_eq!(
            PLX_SPOT_CHECK.to_string(),
            "00002a5e-0000-1000-8000-00805f9b34fb"
        );
    }
}
