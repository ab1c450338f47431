"""Work without a request: the effects of events, done by idempotent handlers after the commit."""
