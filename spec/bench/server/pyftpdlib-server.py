"""Python's pyftpdlib as programs that embed it start it, without its log. Arguments: address, port, folder, user; the password
is in $FTP_PASSWORD."""

import logging
import os
import sys

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer

host, port, folder, user = sys.argv[1:5]
logging.basicConfig(level=logging.ERROR)
FTPHandler.authorizer = DummyAuthorizer()
FTPHandler.authorizer.add_user(user, os.environ["FTP_PASSWORD"], folder, perm="elradfmwMT")
FTPServer.max_cons_per_ip = 0
FTPServer((host, int(port)), FTPHandler).serve_forever()
