"""Clients of an FTP server, for the benchmark of servers.

They do as little as a client can: what is sent goes from file to socket within the system (sendfile), what comes is taken
in pieces as large as they are there, and forgotten. So it is the server that is measured.

Standard input: a JSON object with host, port, user, password, clients, verb (STOR or RETR), files (for each client), bytes
(of each file), source (a file that has so many bytes or more), and check: null, or the SHA-256 that each download must have.
Standard output: a JSON object with seconds, from the first command of a transfer to the last reply, and faults.
"""

import hashlib
import json
import os
import socket
import sys
import time

PIECE = 1 << 20


class Client:
    def __init__(self, task, number):
        self.task = task
        self.number = number
        self.control = socket.create_connection((task["host"], task["port"]), timeout=120)
        self.control.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""
        self.buffer = bytearray(PIECE)
        self.expect("220")
        self.ask("USER " + task["user"], "331")
        self.ask("PASS " + task["password"], "230")
        self.ask("TYPE I", "200")
        self.source = os.open(task["source"], os.O_RDONLY)

    def ask(self, command, code):
        self.control.sendall(command.encode() + b"\r\n")
        return self.expect(code)

    def expect(self, code):
        while True:
            while b"\n" not in self.rest:
                more = self.control.recv(65536)
                if not more:
                    raise RuntimeError("the server hung up")
                self.rest += more
            line, self.rest = self.rest.split(b"\n", 1)
            text = line.decode("utf-8", "replace").rstrip()
            if text[3:4] == " " and text[:3].isdigit():
                if text[:3] != code and not (code == "150" and text[:3] == "125"):
                    raise RuntimeError("wanted %s, got %s" % (code, text))
                return text

    def work(self):
        move = self.store if self.task["verb"] == "STOR" else self.retrieve
        for file in range(self.task["files"]):
            port = int(self.ask("EPSV", "229").split("|")[3])
            data = socket.create_connection((self.task["host"], port), timeout=120)
            self.ask("%s f%d-%d" % (self.task["verb"], self.number, file), "150")
            move(data)
            data.close()
            self.expect("226")
        self.ask("QUIT", "221")

    def store(self, data):
        # With a time limit Python makes the socket one that refuses instead of waiting.
        data.settimeout(None)
        sent = 0
        while sent < self.task["bytes"]:
            sent += os.sendfile(data.fileno(), self.source, sent, self.task["bytes"] - sent)

    def retrieve(self, data):
        check = self.task["check"]
        digest = hashlib.sha256()
        got = 0
        while True:
            size = data.recv_into(self.buffer)
            if size == 0:
                break
            got += size
            if check:
                digest.update(memoryview(self.buffer)[:size])
        if got != self.task["bytes"]:
            raise RuntimeError("%d bytes came instead of %d" % (got, self.task["bytes"]))
        if check and digest.hexdigest() != check:
            raise RuntimeError("other bytes came")


def serve_one(task, number, ready, go, report):
    """One client, in a process of its own; never returns."""
    try:
        client = Client(task, number)
        os.write(ready, b".")
        os.read(go, 1)
        client.work()
        status = 0
    except Exception as error:  # Whatever it is, it is a fault of the run.
        os.write(report, ("client %d: %s\n" % (number, error)).encode())
        os.write(ready, b".")
        status = 1
    os._exit(status)


def main():
    task = json.load(sys.stdin)
    ready_in, ready = os.pipe()
    go, go_out = os.pipe()
    report_in, report = os.pipe()
    children = []
    for number in range(task["clients"]):
        pid = os.fork()
        if pid == 0:
            os.close(go_out)
            serve_one(task, number, ready, go, report)
        children.append(pid)
    os.close(report)
    waiting = task["clients"]
    while waiting > 0:
        waiting -= len(os.read(ready_in, waiting))
    begun = time.perf_counter()
    # All of them read the end at once.
    os.close(go_out)
    for pid in children:
        os.waitpid(pid, 0)
    seconds = time.perf_counter() - begun
    with os.fdopen(report_in) as faults:
        print(json.dumps({"seconds": seconds, "faults": faults.read().splitlines()}))


main()
