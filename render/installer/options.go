package installer

// options are the templates of an object's optional parts.
type options []string

func (o *options) add(wanted bool, name string) { o.of("istioctl", wanted, name) }

func (o *options) of(folder string, wanted bool, name string) {
	if wanted {
		*o = append(*o, folder+"/options/"+name+".yaml")
	}
}
