"""Sends what no client would send to the ports of a running meter, and looks whether it still serves.

usage: fuzz_ports.py MODBUS_PORT HTTPS_PORT SEED SECONDS

Each of five kinds takes a fifth of the time: Modbus frames, bytes instead of TLS, TLS hellos, HTTP requests, WebSocket
frames of somebody who is signed in; random, or valid ones with bytes changed, cut, repeated or left out. Exit status 1:
the meter does not answer a good client afterwards, and the last line says what is wrong.
"""
import base64
import json
import os
import random
import socket
import ssl
import struct
import sys
import time

MODBUS_PORT, HTTPS_PORT, SEED = (int(a) for a in sys.argv[1:4])
SECONDS = float(sys.argv[4]) / 5
CONTEXT = ssl._create_unverified_context()
chance = random.Random(SEED)


def connect(port, patience_s=5):
    return socket.create_connection(('127.0.0.1', port), patience_s)


def noise(size):
    return chance.randbytes(chance.randrange(1, size))


def mutated(data):
    data = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 4, 16])):
        at = chance.randrange(len(data) + 1)
        kind = chance.randrange(5)
        if kind == 0 and at < len(data):
            data[at] ^= 1 << chance.randrange(8)
        elif kind == 1 and at < len(data):
            data[at] = chance.choice([0, 1, 0x7f, 0x80, 0xff, 10, 13, 32, 37, 47])
        elif kind == 2:
            data[at:at] = noise(32)
        elif kind == 3:
            del data[at:at + chance.randrange(1, 16)]
        else:
            data[at:at] = data[at:at + chance.randrange(1, 64)] * chance.randrange(1, 40)
        if not data:
            data = bytearray(noise(8))
    return bytes(data)


def one_of(valid):
    return noise(600) if chance.random() < 0.2 else mutated(chance.choice(valid))


def talk(stream, pieces):
    """Sends, sometimes waits a moment for an answer, and goes without a word."""
    try:
        for piece in pieces:
            stream.sendall(piece)
        if chance.random() < 0.3:
            stream.settimeout(0.02)
            stream.recv(4096)
    except (OSError, ssl.SSLError):
        pass
    finally:
        stream.close()


def for_a_while(name, once):
    end = time.monotonic() + SECONDS
    count = 0
    while time.monotonic() < end:
        try:
            once()
        except (OSError, ssl.SSLError):
            pass
        count += 1
    print(f'{name}: {count} connections')
    if count < 20:
        sys.exit(f'{name}: too few to mean anything')


# ---- what a good client says

def modbus(pdu, unit=1):
    return struct.pack('>HHHB', chance.randrange(65536), 0, len(pdu) + 1, unit) + pdu


MODBUS = [modbus(bytes.fromhex(pdu)) for pdu in (
    '030bd30002', '030a8c0064', '0100000010', '0200000010', '06ea6a0001', '10ea6a00020442c80000',
    '2b0e0400', '2b0e0100', '6408042a0bd30bd40a8b', '11', '0400000001', '0f0000000801ff')]
MODBUS.append(modbus(bytes.fromhex('10ea6a00020442c80000'), 0))


def request(method, path, cookie='', body=''):
    lines = [f'{method} {path} HTTP/1.1', f'Host: 127.0.0.1:{HTTPS_PORT}', f'Cookie: {cookie}',
             'X-Polyphase: 1', f'Origin: https://127.0.0.1:{HTTPS_PORT}', f'Content-Length: {len(body)}']
    return ('\r\n'.join(lines) + '\r\n\r\n' + body).encode()


def answer(data):
    with CONTEXT.wrap_socket(connect(HTTPS_PORT, 60)) as stream:
        stream.sendall(data)
        text = b''
        while b'\r\n\r\n' not in text:
            piece = stream.recv(65536)
            if not piece:
                sys.exit('HTTPS closes without an answer')
            text += piece
        head, body = text.split(b'\r\n\r\n', 1)
        for line in head.split(b'\r\n'):
            if line.lower().startswith(b'content-length:'):
                while len(body) < int(line.split(b':')[1]):
                    body += stream.recv(65536)
        return int(head.split()[1]), head.decode(), body


def sign_in():
    status, head, _ = answer(request('POST', '/api/v1/session', '', '{"user":"USER2","password":"0"}'))
    if status >= 300:
        sys.exit(f'sign-in is answered {status}')
    return next(line.split(': ', 1)[1].split(';')[0] for line in head.split('\r\n')
                if line.lower().startswith('set-cookie'))


def hello():
    outgoing = ssl.MemoryBIO()
    try:
        CONTEXT.wrap_bio(ssl.MemoryBIO(), outgoing).do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


def frame(data, opcode=1):
    mask = chance.randbytes(4)
    size = bytes([0x80 | len(data)]) if len(data) < 126 else b'\xfe' + struct.pack('>H', len(data))
    return bytes([0x80 | opcode]) + size + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(data))


# ---- what a bad one does

def fuzz(cookie):
    requests = [request(*what, cookie) for what in (
        ('GET', '/'), ('GET', '/assets/x.js'), ('GET', '/api/v1/status'), ('GET', '/api/v1/registers?match=kW&after=5'),
        ('GET', '/api/v1/values?labels=Vln%20a,kW%20tot'), ('GET', '/api/v1/events?newest=1&limit=10&format=csv'),
        ('GET', '/api/v1/logs/Billing%20Log?from=1&limit=5'), ('GET', '/api/v1/trend?labels=Freq&seconds=60'),
        ('GET', '/api/v1/memory'), ('GET', '/api/v1/modules'))]
    requests += [request(*what) for what in (
        ('PUT', '/api/v1/registers/PM1.PT%20Prim', cookie, '{"value":"2"}'),
        ('PUT', '/api/v1/links/MXD1.Source', cookie, '{"source":"Freq"}'),
        ('POST', '/api/v1/pulses/MinMax%20Reset', cookie, ''), ('POST', '/api/v1/resets/min-max', cookie, ''),
        ('POST', '/api/v1/session', '', '{"user":"USER9","password":"[1,{},null]"}'))]
    upgrade = request('GET', '/api/v1/live', cookie).replace(b'Content-Length: 0', b'\r\n'.join([
        b'Upgrade: websocket', b'Connection: Upgrade', b'Sec-WebSocket-Version: 13',
        b'Sec-WebSocket-Key: ' + base64.b64encode(bytes(16))]))
    frames = [frame(json.dumps(what).encode()) for what in (
        {'values': ['Vln a', 'Freq'], 'cadence': 'window', 'scope': True, 'events': True}, {'values': []}, {})]
    frames += [frame(b'', 9), frame(b'\x03\xe8', 8), frame(b'x' * 60_000), frame(b'\xff\xfe')]
    hellos = [hello()]

    def secure(pieces):
        talk(CONTEXT.wrap_socket(connect(HTTPS_PORT)), pieces)

    def websocket():
        stream = CONTEXT.wrap_socket(connect(HTTPS_PORT))
        stream.sendall(upgrade)
        if b' 101 ' not in stream.recv(4096):
            stream.close()
            return
        talk(stream, [frames[0]] + [one_of(frames) for _ in range(chance.randrange(1, 6))])

    for_a_while('Modbus', lambda: talk(connect(MODBUS_PORT), [one_of(MODBUS) for _ in range(chance.randrange(1, 20))]))
    for_a_while('no TLS', lambda: talk(connect(HTTPS_PORT), [one_of(requests)]))
    for_a_while('TLS', lambda: talk(connect(HTTPS_PORT), [one_of(hellos)]))
    for_a_while('HTTP', lambda: secure([one_of(requests) for _ in range(chance.randrange(1, 4))]))
    for_a_while('WebSocket', websocket)


def check(cookie):
    with connect(MODBUS_PORT, 60) as stream:
        stream.sendall(bytes.fromhex('000100000006' '01030bd30002'))
        got = stream.recv(64)
    volts = struct.unpack('>f', got[9:13])[0] if len(got) == 13 else -1
    if not 150 < volts < 350:
        sys.exit(f'Modbus answers {got.hex()}')
    status, _, body = answer(request('GET', '/api/v1/status', cookie))
    state = json.loads(body) if status == 200 else {}
    if not state.get('source_running') or state['store_trouble'] or state['records_lost']:
        sys.exit(f'the status is {status}: {body.decode()}')
    if any(service['state'] != 'up' for service in state['services']):
        sys.exit(f'a service is down: {state["services"]}')


cookie = sign_in()
check(cookie)
print('seed', SEED)
fuzz(cookie)
check(cookie)
