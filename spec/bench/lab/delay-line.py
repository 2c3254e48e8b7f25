"""A long line for programs of this machine: two TUN devices, and every packet arrives a while after it was sent.

  delay-line.py MILLISECONDS NEAR_DEVICE FAR_DEVICE

Whole IP packets are held back, so that TCP behaves as on a real line: handshakes, slow start and windows are the kernel's.
It makes the devices, says `up`, and ends, with its devices, when its standard input does.

Debian's kernel has no delay of its own in every machine (sch_netem), Node cannot ask for a TUN device (no ioctl), and
socat hands over every packet of 1,500 bytes alone, which one process cannot pass on fast enough. Here the kernel may hand
over many segments at once (GSO), each with a header that says how to cut them: 10 times fewer reads for the same line.
"""

import fcntl
import os
import select
import struct
import sys
from collections import deque
from time import monotonic

# linux/if_tun.h
TUNSETIFF, TUNSETOFFLOAD, TUNSETVNETHDRSZ = 0x400454CA, 0x400454D0, 0x400454D8
IFF_TUN, IFF_NO_PI, IFF_VNET_HDR = 0x0001, 0x1000, 0x4000
TUN_F_CSUM, TUN_F_TSO4, TUN_F_TSO6, TUN_F_TSO_ECN = 0x01, 0x02, 0x04, 0x08
HEADER_BYTES = 10  # struct virtio_net_hdr
LARGEST = HEADER_BYTES + 65_536
AT_ONCE = 64  # packets that are read before those that are due get their turn


def open_device(name):
    device = os.open('/dev/net/tun', os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack('16sH22x', name.encode(), IFF_TUN | IFF_NO_PI | IFF_VNET_HDR))
    fcntl.ioctl(device, TUNSETVNETHDRSZ, struct.pack('i', HEADER_BYTES))
    fcntl.ioctl(device, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN)
    return device


def take(source, line, delay):
    for _ in range(AT_ONCE):
        try:
            packet = os.read(source, LARGEST)
        except BlockingIOError:
            return
        line.append((monotonic() + delay, packet))


def pass_on(line, target):
    while line and line[0][0] <= monotonic():
        try:
            os.write(target, line.popleft()[1])
        except OSError:
            pass  # a device that is down, or that has no room: the packet is lost, as on any line


def come_first():
    # A packet that is due must not wait for the programs that are measured.
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    except PermissionError:
        pass  # not every container may; the delay is as exact as the machine is idle


def main():
    come_first()
    delay = float(sys.argv[1]) / 1000
    near, far = (open_device(name) for name in sys.argv[2:4])
    there, back = deque(), deque()
    print('up', flush=True)
    while True:
        due = min((line[0][0] for line in (there, back) if line), default=None)
        wait = None if due is None else max(0, due - monotonic())
        readable, _, _ = select.select([near, far, 0], [], [], wait)
        if 0 in readable:
            return
        pass_on(there, far)
        pass_on(back, near)
        if near in readable:
            take(near, there, delay)
        if far in readable:
            take(far, back, delay)


main()
