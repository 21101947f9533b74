"""What all doors share: tokens, base templates, components and the way a page or its fragment is answered."""
