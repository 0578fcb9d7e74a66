package manifest

import "strconv"

// normalizeTriggers gives ids to triggers and inline components as Spin does, and
// resolves the references to components.
func normalizeTriggers(entries []*TriggerEntry, defs *definitions) {
	generateTriggerIDs(entries)
	for _, e := range entries {
		hoistComponents(e, defs)
	}
	for _, e := range entries {
		resolve(e, defs)
	}
}

// generateTriggerIDs names each trigger without id COMPONENT-TYPE-trigger if it
// refers to a component and the name is free, else TYPE-triggerN.
func generateTriggerIDs(entries []*TriggerEntry) {
	used := make(map[string]bool)
	for _, e := range entries {
		used[e.ID] = true
	}
	numbers := make(map[string]*int)
	for _, e := range entries {
		if e.ID != "" {
			continue
		}
		if e.main != nil && e.main.table == nil {
			if id := e.main.id + "-" + e.Type + "-trigger"; !used[id] {
				e.ID, used[id] = id, true
				continue
			}
		}
		if numbers[e.Type] == nil {
			numbers[e.Type] = new(int)
		}
		e.ID = nextFree(used, e.Type+"-trigger", numbers[e.Type])
	}
}

// nextFree counts number up to the first free id with the prefix, and takes it.
func nextFree(used map[string]bool, prefix string, number *int) string {
	for {
		*number++
		if id := prefix + strconv.Itoa(*number); !used[id] {
			used[id] = true
			return id
		}
	}
}

// hoistComponents moves the inline components of a trigger behind the other
// components. A single one is named TRIGGER-component if that is a free id,
// others inline-componentN.
func hoistComponents(e *TriggerEntry, defs *definitions) {
	number := 0
	for _, spec := range e.specs {
		if spec.table == nil {
			continue
		}
		if defs.overflow {
			return
		}
		id := e.ID + "-component"
		if len(e.specs) != 1 || kebab.problem(id) != "" || defs.used[id] {
			id = nextFree(defs.used, "inline-component", &number)
		}
		spec.id = id
		defs.addTable(definition{id, spec.pos, spec.table, spec.path})
	}
}

// resolve checks the references of a trigger and fills in the ids.
func resolve(e *TriggerEntry, defs *definitions) {
	for _, spec := range e.specs {
		defs.checkReference(spec)
	}
	if e.main != nil {
		e.Component = e.main.id
	}
	for _, named := range e.named {
		ids := make([]string, len(named.specs))
		for i, spec := range named.specs {
			ids[i] = spec.id
		}
		e.Components = append(e.Components, NamedComponents{named.name, ids})
	}
}
