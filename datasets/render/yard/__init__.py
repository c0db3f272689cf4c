"""The yard: its dust net is drawn back for digging and laid again."""
