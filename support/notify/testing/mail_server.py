"""An SMTP server on a free loopback port, for tests: aiosmtpd, keeping each mail as a file.

    mail_server.py FOLDER [ANSWER...]

Writes the port to FOLDER/port and each mail to FOLDER/1.eml and so on. ANSWERs are given to the first
recipients, one each, before mails are taken: "451 busy". Ends with its standard input.
"""
import asyncio
import pathlib
import sys

from aiosmtpd.smtp import SMTP


class Keeper:
    def __init__(self, folder, answers):
        self.folder = folder
        self.answers = answers
        self.count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.count += 1
        head = f"X-Envelope: {envelope.mail_from} > {', '.join(envelope.rcpt_tos)}\n"
        partial = self.folder / "partial"
        partial.write_bytes(head.encode() + envelope.content)
        partial.rename(self.folder / f"{self.count}.eml")
        return "250 kept"


async def main():
    folder = pathlib.Path(sys.argv[1])
    keeper = Keeper(folder, sys.argv[2:])
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(keeper, hostname="test"), "127.0.0.1", 0)
    port = folder / "port.partial"
    port.write_text(str(server.sockets[0].getsockname()[1]))
    port.rename(folder / "port")
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
