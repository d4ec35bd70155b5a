"""The web app: a door for volunteers, approvers and staff to the same functions as the command.

Pages are made on the server and work without JavaScript. Nothing is decided here that the rooms
below do not decide, and no Platform is spoken to by name.
"""
