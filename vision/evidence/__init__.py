"""What proves a violation: pictures, a clip and a manifest that tells their hashes."""
