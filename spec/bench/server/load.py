"""Clients of an FTP server, for the benchmark of servers: a process each.

They do as little as a client can: what is sent goes from file to socket within the system (sendfile), what comes is taken
in pieces as large as they are there, and forgotten. So it is the server that is measured.

First line of the standard input: a JSON object with host, port, user, password, clients, verb (STOR or RETR), files (for each
client), bytes (of each file), login (`once`, or `each` for a login before each file) and source (a file that has so many bytes).
It is answered when all are logged in, and so is each line after it, when all have done their work once: that line is a
JSON object with check, which is null or the SHA-256 that each download must have. The end of the input has them say goodbye.

Each answer is a line with a JSON object: seconds from the first command to the last reply, cpuSeconds that the clients took
for that, and faults.
"""

import hashlib
import json
import os
import resource
import socket
import struct
import sys
import time

PIECE = 1 << 20
# A server that is silent for so long has failed.
PATIENCE = struct.pack("ll", 120, 0)


def connect(host, port):
    """Waits within the system: a time limit of Python's would be one more system call for each that waits."""
    connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    for direction in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
        connection.setsockopt(socket.SOL_SOCKET, direction, PATIENCE)
    connection.connect((host, port))
    return connection


class Client:
    def __init__(self, task, number):
        self.task = task
        self.number = number
        self.buffer = bytearray(PIECE)
        self.source = os.open(task["source"], os.O_RDONLY)
        if task["login"] == "once":
            self.log_in()

    def log_in(self):
        self.control = connect(self.task["host"], self.task["port"])
        self.control.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""
        self.expect("220")
        self.ask("USER " + self.task["user"], "331")
        self.ask("PASS " + self.task["password"], "230")
        self.ask("TYPE I", "200")

    def log_out(self):
        self.ask("QUIT", "221")
        self.control.close()

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

    def work(self, check):
        for file in range(self.task["files"]):
            if self.task["login"] == "each":
                self.log_in()
            port = int(self.ask("EPSV", "229").split("|")[3])
            data = connect(self.task["host"], port)
            self.ask("%s f%d-%d" % (self.task["verb"], self.number, file), "150")
            if self.task["verb"] == "STOR":
                self.store(data)
            else:
                self.retrieve(data, check)
            data.close()
            self.expect("226")
            if self.task["login"] == "each":
                self.log_out()

    def store(self, data):
        sent = 0
        while sent < self.task["bytes"]:
            sent += os.sendfile(data.fileno(), self.source, sent, self.task["bytes"] - sent)

    def retrieve(self, data, check):
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


def processor_seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def answer(wire, used, fault):
    wire.sendall(json.dumps({"cpuSeconds": used, "fault": fault}).encode() + b"\n")


def serve_one(task, number, wire):
    """One client, in a process of its own. After a fault it does nothing any more but tell of it."""
    client, fault = None, None
    try:
        client = Client(task, number)
    except Exception as error:  # Whatever it is, it is a fault of the run.
        fault = "client %d: %s" % (number, error)
    answer(wire, 0, fault)
    for line in wire.makefile():
        begun = processor_seconds()
        try:
            if fault is None:
                client.work(json.loads(line)["check"])
        except Exception as error:
            fault = "client %d: %s" % (number, error)
        answer(wire, processor_seconds() - begun, fault)
    if fault is None and task["login"] == "once":
        client.log_out()


def start_clients(task):
    """The ends of the wires to them."""
    wires = []
    for number in range(task["clients"]):
        wire, theirs = socket.socketpair()
        wires.append(wire)
        if os.fork() == 0:
            # The end of this process is to be the end of all its wires.
            for other in wires:
                other.close()
            sys.stdin.close()
            serve_one(task, number, theirs)
            os._exit(0)
        theirs.close()
    return wires


def main():
    wires = start_clients(json.loads(sys.stdin.readline()))
    readers = [wire.makefile() for wire in wires]

    def tell(begun):
        told = [json.loads(reader.readline()) for reader in readers]
        seconds = time.perf_counter() - begun
        used = sum(one["cpuSeconds"] for one in told)
        faults = [one["fault"] for one in told if one["fault"] is not None]
        print(json.dumps({"seconds": seconds, "cpuSeconds": used, "faults": faults}), flush=True)

    tell(time.perf_counter())
    for line in sys.stdin:
        begun = time.perf_counter()
        for wire in wires:
            wire.sendall(line.encode())
        tell(begun)
    for wire in wires:
        wire.shutdown(socket.SHUT_WR)
    for _ in wires:
        os.wait()


main()
