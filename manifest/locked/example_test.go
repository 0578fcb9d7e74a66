package locked_test

import (
	"errors"
	"fmt"

	"github.com/spinhost/spin/manifest"
	"github.com/spinhost/spin/manifest/locked"
)

const kiosk = `{
  "spin_lock_version": 1,
  "must_understand": ["component_host_requirements"],
  "metadata": {"name": "kiosk"},
  "triggers": [
    {"id": "front", "trigger_type": "http", "trigger_config": {"component": "front", "route": "/..."}},
    {"id": "back", "trigger_type": "http", "trigger_config": {"component": "back", "route": {"private": true}}}
  ],
  "components": [
    {"id": "front", "source": {"content_type": "application/wasm", "source": "file:///srv/kiosk/front.wasm"},
     "metadata": {"allowed_outbound_hosts": ["http://back.spin.internal"]},
     "host_requirements": {"local_service_chaining": "required"}},
    {"id": "back", "source": {"content_type": "application/wasm", "source": "file:///srv/kiosk/back.wasm"}}
  ]
}`

func ExampleParse() {
	app, err := locked.Parse([]byte(kiosk))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range app.Components {
		path, _ := c.Source.File()
		fmt.Println(c.ID, path, c.AllowedOutboundHosts())
	}
	_, err = locked.Parse([]byte(`{"spin_lock_version": 1, "triggers": [],
  "components": [{"id": "front", "source": "front.wasm"}]}`))
	fmt.Println(err)
	// Output:
	// front /srv/kiosk/front.wasm [http://back.spin.internal]
	// back /srv/kiosk/back.wasm []
	// 2:44: components[0].source: must be an object, not a string
}

func ExampleApp_Marshal() {
	text, err := (&locked.App{
		Metadata: locked.Values{"name": "kiosk"},
		Triggers: []locked.Trigger{{ID: "front", Type: "http", Config: locked.Values{"component": "front", "route": "/..."}}},
		Components: []locked.Component{{
			ID:     "front",
			Source: locked.Source{ContentType: locked.WasmContent, Content: locked.FileContent("/srv/kiosk/front.wasm")},
		}},
	}).Marshal()
	fmt.Printf("%s%v", text, err)
	// Output:
	// {
	//   "spin_lock_version": 0,
	//   "metadata": {
	//     "name": "kiosk"
	//   },
	//   "triggers": [
	//     {
	//       "id": "front",
	//       "trigger_type": "http",
	//       "trigger_config": {
	//         "component": "front",
	//         "route": "/..."
	//       }
	//     }
	//   ],
	//   "components": [
	//     {
	//       "id": "front",
	//       "source": {
	//         "content_type": "application/wasm",
	//         "source": "file:///srv/kiosk/front.wasm"
	//       }
	//     }
	//   ]
	// }
	// <nil>
}

func ExampleApp_CheckRequirements() {
	app, err := locked.Parse([]byte(kiosk))
	if err != nil {
		panic(err)
	}
	fmt.Println(app.CheckRequirements("http", locked.ServiceChaining))
	err = app.CheckRequirements("http")
	fmt.Println(errors.Is(err, locked.ErrRequirement), err)
	// Output:
	// <nil>
	// true the app needs a host that supports "local_service_chaining" for triggers of type "http": remove what needs it, or run the app on such a host
}

func ExampleApp_Select() {
	app, err := locked.Parse([]byte(kiosk))
	if err != nil {
		panic(err)
	}
	back, err := app.Select("back")
	fmt.Println(len(back.Triggers), back.Components[0].ID, err)
	_, err = app.Select("front")
	fmt.Println(err)
	// Output:
	// 1 back <nil>
	// component "front" calls components that are not selected, as its allowed_outbound_hosts has "http://back.spin.internal": select "back" too, with a trigger that runs it
}

func ExampleApp_MoveTriggerDependencies() {
	app, err := locked.Parse([]byte(kiosk))
	if err != nil {
		panic(err)
	}
	log := locked.Dependency{Source: locked.Source{ContentType: locked.WasmContent, Content: locked.FileContent("/srv/log.wasm")}}
	app.Triggers[0].Dependencies = map[string][]locked.Dependency{"middleware": {log}}
	app.Triggers[1].Config["component"] = "front"
	if err := app.MoveTriggerDependencies(); err != nil {
		panic(err)
	}
	for _, t := range app.Triggers {
		fmt.Println(t.ID, "runs", t.Component())
	}
	// Output:
	// front runs front-for-front
	// back runs front
}

func ExampleContent_SHA256() {
	_, err := locked.Content{Digest: "sha256:../../etc/passwd"}.SHA256()
	fmt.Println(err)
	// Output: digest "sha256:../../etc/passwd" is not "sha256:" and 64 hexadecimal digits in lower case
}

func ExampleFromManifest() {
	m, err := manifest.Parse("spin.toml", []byte(`spin_manifest_version = 2
application.name = "kiosk"
[[trigger.http]]
route = "/..."
component = { source = "front.wasm" }
`), nil)
	if err != nil {
		panic(err)
	}
	app, err := locked.FromManifest(m, locked.Options{Dir: "/srv/kiosk"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(app.Triggers[0].Config, app.Components[0].Source.Source)
	// Output: map[component:http-trigger1-component route:/...] file:///srv/kiosk/front.wasm
}

func ExampleApp_Manifest() {
	app, err := locked.Parse([]byte(kiosk))
	if err != nil {
		panic(err)
	}
	m, err := app.Manifest(locked.ManifestOptions{Dir: "/srv/kiosk"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range m.Components {
		fmt.Println(c.ID, c.Source)
	}
	// Output:
	// front front.wasm
	// back back.wasm
}

func ExampleApp_TOML() {
	app, err := locked.Parse([]byte(kiosk))
	if err != nil {
		panic(err)
	}
	text, err := app.TOML(locked.ManifestOptions{Dir: "/srv/kiosk"})
	fmt.Printf("%s%v", text, err)
	// Output:
	// spin_manifest_version = 2
	// [application]
	// name = "kiosk"
	// [[trigger.http]]
	// id = "front"
	// component = "front"
	// route = "/..."
	// [[trigger.http]]
	// id = "back"
	// component = "back"
	// route = { private = true }
	// [component.front]
	// source = "front.wasm"
	// allowed_outbound_hosts = ["http://back.spin.internal"]
	// [component.back]
	// source = "back.wasm"
	// <nil>
}

func ExampleApp_TriggerSettings() {
	app, err := locked.Parse([]byte(`{"spin_lock_version": 0, "triggers": [], "components": [],
  "metadata": {"trigger": {"type": "redis", "address": "redis://localhost"}}}`))
	if err != nil {
		panic(err)
	}
	fmt.Println(app.TriggerSettings("redis"))
	fmt.Println(app.TriggerSettings("http"))
	// Output:
	// map[address:redis://localhost] true
	// map[] false
}

func ExampleFileContent() {
	content := locked.FileContent("/srv/my app/app.wasm")
	fmt.Println(content.Source)
	fmt.Println(content.File())
	// Output:
	// file:///srv/my%20app/app.wasm
	// /srv/my app/app.wasm <nil>
}
