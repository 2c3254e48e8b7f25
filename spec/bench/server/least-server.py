"""The least that can pass for an FTP server: what clients send is dropped unread, what they want is one file again and again.

How fast the clients are with it is the most that they could measure. Arguments: address, port, file. A process for each client.
"""

import os
import signal
import socket
import sys

PIECE = 1 << 20


def serve(control, host, path):
    control.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    source = os.open(path, os.O_RDONLY)
    size = os.fstat(source).st_size
    buffer = bytearray(PIECE)
    listener = None
    rest = b""

    def say(text):
        control.sendall(text + b"\r\n")

    say(b"220 ready")
    while True:
        while b"\n" not in rest:
            more = control.recv(65536)
            if not more:
                return
            rest += more
        line, rest = rest.split(b"\n", 1)
        words = line.strip().split(b" ", 1)
        verb = words[0]
        if verb == b"EPSV":
            listener = socket.create_server((host, 0), backlog=1)
            say(b"229 ok (|||%d|)" % listener.getsockname()[1])
        elif verb in (b"STOR", b"RETR"):
            data, _ = listener.accept()
            listener.close()
            say(b"150 go")
            if verb == b"STOR":
                while data.recv_into(buffer, PIECE, socket.MSG_TRUNC) > 0:
                    pass
            else:
                sent = 0
                while sent < size:
                    sent += os.sendfile(data.fileno(), source, sent, size - sent)
            data.close()
            say(b"226 done")
        elif verb == b"QUIT":
            say(b"221 bye")
            return
        else:
            say({b"USER": b"331 ok", b"PASS": b"230 ok"}.get(verb, b"200 ok"))


def bury():
    try:
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            pass
    except ChildProcessError:
        pass


def main():
    host, port, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    # Taken notice of, so that the processor time of those that have ended is counted.
    signal.signal(signal.SIGCHLD, lambda *_: bury())
    door = socket.create_server((host, port), backlog=256)
    print("listening %d" % door.getsockname()[1], flush=True)
    while True:
        control, _ = door.accept()
        if os.fork() == 0:
            door.close()
            serve(control, host, path)
            os._exit(0)
        control.close()


main()
