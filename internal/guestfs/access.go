package guestfs

// Use says how something is to be used; the zero value not at all.
type Use struct{ Read, Write, Execute bool }

// AccessAt fails unless what is at a path exists and can be used in this way. Whether a file can be
// read or written is found out by opening it. Nothing can be executed, and what is in a directory
// depends on its volume alone.
func (d *Descriptor) AccessAt(path string, follow bool, use Use) error {
	s, err := d.StatAt(path, follow)
	switch {
	case err != nil:
		return err
	case use.Write && !d.volume.writable:
		return NotPermitted
	case use.Execute:
		return Access
	case s.Type == SymbolicLink || use == Use{}:
		return nil
	}
	opened, err := d.OpenAt(path, OpenOptions{Follow: follow, Read: use.Read, Write: use.Write && s.Type != Directory})
	if err == nil {
		opened.Close()
	}
	return err
}
