"""WebSocket clients in Python's standard library, for tests of the live page.

usage: websocket_client.py PORT COOKIE [--origin ORIGIN] [--path PATH] [--send TEXT]...
                           [--until TYPE] [--count N] [--clients N] [--deaf N] [--raw HEX]

Opens the clients, sends the texts on each, and prints what the first receives, a message a line, until
`count` messages of the type (all types when none is named) have come to each; of more clients than one
it prints how many messages of the type each got. Deaf clients subscribe and never read.
"""
import argparse
import base64
import json
import os
import socket
import ssl
import struct
import sys

TIMEOUT_S = 30


class Refused(Exception):
    pass


class Client:
    def __init__(self, port, cookie, origin, path):
        context = ssl._create_unverified_context()
        raw = socket.create_connection(('127.0.0.1', port), TIMEOUT_S)
        self.socket = context.wrap_socket(raw)
        self.buffer = b''
        lines = [f'GET {path} HTTP/1.1', f'Host: 127.0.0.1:{port}', 'Upgrade: websocket',
                 'Connection: Upgrade', 'Sec-WebSocket-Version: 13',
                 'Sec-WebSocket-Key: ' + base64.b64encode(os.urandom(16)).decode(),
                 f'Cookie: {cookie}']
        if origin:
            lines.append(f'Origin: {origin}')
        self.socket.sendall(('\r\n'.join(lines) + '\r\n\r\n').encode())
        while b'\r\n\r\n' not in self.buffer:
            self.fill()
        head, self.buffer = self.buffer.split(b'\r\n\r\n', 1)
        status = head.split()[1].decode()
        if status != '101':
            raise Refused(status)

    def fill(self):
        piece = self.socket.recv(65536)
        if not piece:
            raise EOFError
        self.buffer += piece

    def take(self, size):
        while len(self.buffer) < size:
            self.fill()
        data, self.buffer = self.buffer[:size], self.buffer[size:]
        return data

    def send(self, data, opcode=1):
        mask = os.urandom(4)
        size = len(data)
        head = bytes([0x80 | opcode])
        if size < 126:
            head += bytes([0x80 | size])
        elif size < 65536:
            head += bytes([0x80 | 126]) + struct.pack('>H', size)
        else:
            head += bytes([0x80 | 127]) + struct.pack('>Q', size)
        self.socket.sendall(head + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(data)))

    def receive(self):
        """The next text; None: the server closed, and said why."""
        message = b''
        while True:
            first, second = self.take(2)
            size = second & 0x7f
            if size == 126:
                size, = struct.unpack('>H', self.take(2))
            elif size == 127:
                size, = struct.unpack('>Q', self.take(8))
            data = self.take(size)
            opcode = first & 15
            if opcode in (0, 1):
                message += data
                if first & 0x80:
                    return message.decode()
            if opcode == 8:
                print('closed', struct.unpack('>H', data[:2])[0] if data else 0, data[2:].decode())
                return None
            if opcode == 9:
                self.send(data, 10)


def run(options):
    def connect():
        client = Client(options.port, options.cookie, options.origin, options.path)
        for text in options.send:
            client.send(text.encode())
        return client

    deaf = [connect() for _ in range(options.deaf)]
    clients = [connect() for _ in range(options.clients)]
    if options.raw:
        clients[0].socket.sendall(bytes.fromhex(options.raw))
    counts = []
    for client in clients:
        count = 0
        while count < options.count:
            text = client.receive()
            if text is None:
                break
            if options.clients == 1:
                print(text, flush=True)
            if not options.until or json.loads(text)['type'] == options.until:
                count += 1
        counts.append(count)
    if options.clients > 1:
        print(*counts)
    del deaf


parser = argparse.ArgumentParser()
parser.add_argument('port', type=int)
parser.add_argument('cookie')
parser.add_argument('--origin', default='')
parser.add_argument('--path', default='/api/v1/live')
parser.add_argument('--send', action='append', default=[])
parser.add_argument('--until', default='')
parser.add_argument('--count', type=int, default=1)
parser.add_argument('--clients', type=int, default=1)
parser.add_argument('--deaf', type=int, default=0)
parser.add_argument('--raw', default='')
try:
    run(parser.parse_args())
except Refused as refused:
    print('refused', refused)
except (EOFError, ConnectionError, ssl.SSLError):
    print('cut off')
    sys.exit(1)
