"""Python's pyftpdlib as programs that embed it start it, with its log in a file. Arguments: address, port, folder, user, log; the
password is in $FTP_PASSWORD."""

import logging
import os
import sys

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer

host, port, folder, user, log = sys.argv[1:6]
logging.basicConfig(filename=log, level=logging.INFO)
FTPHandler.authorizer = DummyAuthorizer()
FTPHandler.authorizer.add_user(user, os.environ["FTP_PASSWORD"], folder, perm="elradfmwMT")
FTPServer.max_cons_per_ip = 0
FTPServer((host, int(port)), FTPHandler).serve_forever()
