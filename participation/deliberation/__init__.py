"""What people say about a proposal: comments, replies, and views of the city attached to them."""
