"""The long counts that the tests only sample: random walks, day ledgers, policies, kills; `script/soak` prints them."""
