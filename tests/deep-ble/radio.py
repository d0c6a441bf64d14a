"""The emulated air: a virtual controller for the guest's kernel, and Bumble's link with the repairs that a Linux host needs."""

import asyncio

from bumble import hci, ll
from bumble.controller import Controller
from bumble.core import PhysicalTransport
from bumble.link import LocalLink
from bumble.transport import open_transport
from bumble.transport.common import Transport

COMPUTER = "00:AA:01:00:00:42"


class Radio(LocalLink):
    """Bumble's link, where a device can go out of range."""

    def __init__(self) -> None:
        super().__init__()
        self.silent: set[Controller] = set()

    def send_acl_data(
        self, sender_controller: Controller, destination_address: hci.Address, transport: PhysicalTransport, data: bytes
    ) -> None:
        """Bumble 0.0.236 labels every LE packet with the sender's random address; Linux connects with its public one, and the
        packet would belong to no connection."""
        own = [c.self_address for c in sender_controller.le_connections.values() if c.peer_address == destination_address]
        receiver = self.find_le_controller(destination_address)
        if not own or receiver is None or self.silent & {sender_controller, receiver}:
            return
        asyncio.get_running_loop().call_soon(receiver.on_link_acl_data, own[0], transport, data)

    def send_advertising_pdu(self, sender_controller: Controller, packet: ll.AdvertisingPdu) -> None:
        if sender_controller not in self.silent:
            super().send_advertising_pdu(sender_controller, packet)

    def send_ll_control_pdu(self, sender_address: hci.Address, receiver_address: hci.Address, packet: ll.ControlPdu) -> None:
        ends = {self.find_le_controller(sender_address), self.find_le_controller(receiver_address)}
        if not self.silent & ends:
            super().send_ll_control_pdu(sender_address, receiver_address, packet)

    async def out_of_range(self, controller: Controller, supervision_timeout: float) -> None:
        """The link dies in the middle: both ends hear nothing, and say so after the timeout, which Bumble does not emulate."""
        self.silent.add(controller)
        await asyncio.sleep(supervision_timeout)
        addresses = {c.self_address for c in controller.le_connections.values()}
        for end in self.controllers:
            for connection in list(end.le_connections.values()):
                if end is controller or connection.peer_address in addresses:
                    end.on_le_disconnected(connection, hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR)

    def in_range_again(self, controller: Controller) -> None:
        self.silent.discard(controller)


async def plug_in(radio: Radio) -> Transport:
    """Gives the guest's kernel a controller (hci0) on this air."""
    kernel = await open_transport("vhci")
    controller = Controller("computer", kernel.source, kernel.sink, radio, public_address=COMPUTER)
    # With these Linux waits for an "enhanced" connection event that Bumble's controller does not send: values would
    # flow, but the kernel would think that it is still connecting, and its Disconnect would reach nobody.
    controller.le_features &= ~(
        hci.LeFeatureMask.LE_EXTENDED_ADVERTISING | hci.LeFeatureMask.LE_PERIODIC_ADVERTISING | hci.LeFeatureMask.LL_PRIVACY
    )
    return kernel
