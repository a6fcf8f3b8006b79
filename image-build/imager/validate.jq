# Checks the input against $schema[0]: prints one line per fault, nothing when there is none.
#   jq -r --slurpfile schema os-list-schema.json -f validate.jq os_list.json

# Words that only describe.
def silent: ["$schema", "$id", "title", "description", "default", "examples", "additionalItems"];
def checked: ["type", "required", "properties", "additionalProperties", "items", "anyOf", "enum"];

def is_a($wanted): if $wanted == "integer" then type == "number" and . == floor else type == $wanted end;

def faults($rule; $at):
  . as $value
  | (($rule | keys) - silent - checked | map("\($at): the schema has the word \(.), which this check does not know")[]),
    (if $rule.type and ([$rule.type] | flatten | any(. as $t | $value | is_a($t)) | not)
     then "\($at): is \(type), must be \($rule.type)" else empty end),
    (if $rule.enum and ($rule.enum | index([$value]) == null) then "\($at): \($value) is none of \($rule.enum)" else empty end),
    (if $rule.anyOf and ($rule.anyOf | any(. as $one | [$value | faults($one; $at)] == []) | not)
     then "\($at): fits none of the allowed forms; nearest: \([$value | faults($rule.anyOf[0]; $at)][0])" else empty end),
    (if type == "object" then
       (($rule.required // []) - keys | map("\($at): lacks \(.)")[]),
       (keys[] as $key | if $rule.properties[$key] then $value[$key] | faults($rule.properties[$key]; "\($at).\($key)")
         elif $rule.additionalProperties == false then "\($at): has \($key), which is not allowed" else empty end)
     else empty end),
    (if type == "array" and $rule.items then range(length) as $i | $value[$i] | faults($rule.items; "\($at)[\($i)]") else empty end);

faults($schema[0]; "os_list.json")
