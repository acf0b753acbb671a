"""gunicorn for the app: gunicorn -c deploy/gunicorn.conf.py 'feeds.app:create_app()'."""

bind = "127.0.0.1:8000"
workers = 2
worker_class = "gthread"
threads = 4
# Polls are short; a reader that hangs must not hold a thread for long.
timeout = 30
keepalive = 5
accesslog = "-"
