"""Cameras in: frames with their times, from files, folders, webcams and streams."""
