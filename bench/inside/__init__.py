"""What runs inside a desk's own process: everything here may import the product."""
