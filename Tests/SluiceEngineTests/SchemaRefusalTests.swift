import SluiceEngine
import Testing

@Suite struct `Schemas that can't be used` {
    private func refusal(_ json: String) -> SchemaError? {
        do throws(SchemaError) {
            _ = try Schema(json: Array(json.utf8))
            return nil
        } catch {
            return error
        }
    }

    private func expect(_ json: String, _ pointer: String, _ part: String) throws {
        let error = try #require(refusal(json))
        #expect(error.pointer == pointer)
        #expect(error.reason.contains(part))
    }

    @Test(arguments: [
        ("", "", "not JSON, line 1, byte 1"), ("{", "", "not JSON, line 1, byte 2"), ("[]", "", "must be an object"),
        ("{\n \"fields\": [}", "", "not JSON, line 2, byte 13"), ("null", "", "must be an object, not null"),
        ("id,name\n1,x\n", "", "not JSON, line 1, byte 1"),
        (#"{"fields":[],"fields":[]}"#, "", "same name, line 1, byte 14"),
        ("{}", "", "no Table Schema"), (#"{"delimiter":";"}"#, "", "no Table Schema"),
        (#"{"fields":[{"name":"a"}],"dialect":{}}"#, "", "both fields"),
        (#"{"fields":[{"name":"a"}],"resources":[]}"#, "", "both fields"),
        (#"{"resources":{}}"#, "/resources", "array"),
        (#"{"resources":[]}"#, "/resources", "one resource, not 0"), (#"{"resources":[{},{}]}"#, "/resources", "not 2"),
        (#"{"resources":[1]}"#, "/resources/0", "must be an object"),
        (#"{"resources":[{"schema":"a.json"}]}"#, "/resources/0/schema", "another file"),
        (#"{"schema":"https://a/b.json"}"#, "/schema", "another file"),
        (#"{"dialect":"a.json"}"#, "/dialect", "another file"),
        (#"{"data":"a","schema":{"fields":[{"name":"a"}]}}"#, "/data", "not supported"),
        (#"{"schema":{}}"#, "/schema", "no fields"),
        (#"{"encoding":1}"#, "/encoding", "must be a string, not a number"),
        (#"{"encoding":"klingon"}"#, "/encoding", "no label"), (#"{"encoding":"shift_jis"}"#, "/encoding", "iconv"),
        (#"{"fields":{}}"#, "/fields", "array"), (#"{"fields":[]}"#, "/fields", "at least one"),
        (#"{"fields":[1]}"#, "/fields/0", "must be an object"), (#"{"fields":[{}]}"#, "/fields/0", "no name"),
        (#"{"fields":[{"name":1}]}"#, "/fields/0/name", "string"),
        (#"{"fields":[{"name":"a"}],"fieldsMatch":"some"}"#, "/fieldsMatch", "exact, equal, subset, superset, partial"),
        (#"{"fields":[{"name":"a"}],"fieldsMatch":["equal","exact"]}"#, "/fieldsMatch", "one word"),
        (#"{"fields":[{"name":"a"}],"missingValues":"NA"}"#, "/missingValues", "array"),
        (#"{"fields":[{"name":"a"}],"missingValues":[1]}"#, "/missingValues/0", "string"),
        (#"{"fields":[{"name":"a"}],"missingValues":[{"label":"x"}]}"#, "/missingValues/0", "no value"),
        (#"{"fields":[{"name":"a"}],"missingValues":[{"value":"x"},"y"]}"#, "/missingValues/1", "object"),
        (#"{"fields":[{"name":"a"}],"missingValues":["y",{"value":"x"}]}"#, "/missingValues/1", "string"),
        (#"{"fields":[{"name":"a"}],"missingValues":[{"value":"x","label":1}]}"#, "/missingValues/0/label", "string"),
        (#"{"fields":[{"name":"a"}],"primaryKey":"b"}"#, "/primaryKey", "no field of that name"),
        (#"{"fields":[{"name":"a"}],"primaryKey":["a","b"]}"#, "/primaryKey/1", "no field of that name"),
        (#"{"fields":[{"name":"a"}],"uniqueKeys":[["b"]]}"#, "/uniqueKeys/0/0", "no field of that name"),
        (#"{"fields":[{"name":"a"}],"foreignKeys":[{}]}"#, "/foreignKeys/0", "no fields"),
        (
            #"{"fields":[{"name":"a"}],"foreignKeys":[{"fields":["b"]}]}"#, "/foreignKeys/0/fields/0",
            "no field of that name"
        ),
        (#"{"fields":[{"name":"a"},{"name":"a"}],"fieldsMatch":"equal"}"#, "/fields/1/name", "occurs twice"),
        (#"{"fields":[{"name":"a"},{"name":"b","sluice:name":"a"}]}"#, "/fields/1/sluice:name", "same name in rows"),
        (#"{"fields":[{"name":"a","sluice:name":"b"},{"name":"b"}]}"#, "/fields/0/sluice:name", "same name in rows"),
        (#"{"sluice:x/y~":1,"fields":[{"name":"a"}]}"#, "/sluice:x~1y~0", "no such property"),
        (#"{"resources":[{"sluice:x":1}]}"#, "/resources/0/sluice:x", "no such property"),
        (#"{"dialect":{"sluice:x":1}}"#, "/dialect/sluice:x", "no such property"),
        (#"{"schema":{"fields":[{"name":"a","sluice:x":1}]}}"#, "/schema/fields/0/sluice:x", "no such property"),
    ])
    func `are refused with their place`(_ json: String, _ pointer: String, _ part: String) throws {
        try expect(json, pointer, part)
    }

    @Test(arguments: [
        (#""type":"text""#, "type", "one of string, number"), (#""type":null"#, "type", "not null"),
        (#""type":"string","format":"ipv4""#, "format", "default, email, uri, binary, uuid"),
        (#""type":"integer","format":"x""#, "format", "no format but default"),
        (#""type":"duration","format":"x""#, "format", "no format but default"),
        (#""type":"geopoint","format":"x""#, "format", "default, array, object"),
        (#""type":"geojson","format":"x""#, "format", "default, topojson"),
        (#""type":"date","format":"any""#, "format", "not supported"),
        (#""type":"date","format":"%Q""#, "format", "%Q"),
        (#""type":"date","format":"%H""#, "format", "no %H"), (#""type":"date","format":"YYYY""#, "format", "year"),
        (#""type":"time","format":"%Y %H""#, "format", "%Y"),
        (#""type":"number","decimalChar":"""#, "decimalChar", "one character"),
        (#""type":"number","decimalChar":"5""#, "decimalChar", "one character"),
        (#""type":"number","groupChar":"..""#, "groupChar", "one character"),
        (#""type":"integer","groupChar":"-""#, "groupChar", "one character"),
        (#""type":"number","groupChar":".""#, "groupChar", "decimal"),
        (#""type":"number","bareNumber":1"#, "bareNumber", "true"),
        (#""type":"boolean","trueValues":[]"#, "trueValues", "at least one"),
        (#""type":"boolean","trueValues":[true]"#, "trueValues/0", "string"),
        (#""type":"boolean","trueValues":["0"]"#, "trueValues", "both"),
        (#""type":"boolean","trueValues":["x"],"falseValues":["x"]"#, "falseValues", "both"),
        (#""type":"list","delimiter":"""#, "delimiter", "at least one"),
        (#""type":"list","itemType":"list""#, "itemType", "one of string"),
        (#""missingValues":1"#, "missingValues", "array"),
        (#""sluice:drop":"yes""#, "sluice:drop", "true"), (#""sluice:name":1"#, "sluice:name", "string"),
        (#""sluice:leadingZeros":"strip""#, "sluice:leadingZeros", "only numbers"),
        (#""type":"integer","sluice:leadingZeros":"keep""#, "sluice:leadingZeros", "error, strip"),
        (#""constraints":[]"#, "constraints", "object"),
        (#""constraints":{"minimun":1}"#, "constraints/minimun", "no such"),
        (#""constraints":{"sluice:x":1}"#, "constraints/sluice:x", "no such"),
        (#""constraints":{"required":"true"}"#, "constraints/required", "true or false"),
        (#""constraints":{"unique":1}"#, "constraints/unique", "true or false"),
        (#""constraints":{"minLength":-1}"#, "constraints/minLength", "whole number"),
        (#""constraints":{"maxLength":1.5}"#, "constraints/maxLength", "whole number"),
        (#""constraints":{"maxLength":99999999999999999999}"#, "constraints/maxLength", "whole number"),
        (#""constraints":{"minLength":2,"maxLength":1}"#, "constraints/minLength", "no value meets both"),
        (#""type":"integer","constraints":{"minLength":2}"#, "constraints/minLength", "integer has no minLength"),
        (#""constraints":{"minimum":2}"#, "constraints/minimum", "string has no minimum"),
        (#""type":"integer","constraints":{"minimum":2.5}"#, "constraints/minimum", "no value of the field's type"),
        (#""type":"integer","constraints":{"maximum":true}"#, "constraints/maximum", "no value of the field's type"),
        (#""type":"integer","constraints":{"minimum":2,"maximum":1}"#, "constraints/minimum", "no value meets both"),
        (
            #""type":"integer","constraints":{"exclusiveMinimum":2,"maximum":2}"#, "constraints/exclusiveMinimum",
            "no value meets"
        ),
        (
            #""type":"date","constraints":{"minimum":"2000-01-02","exclusiveMaximum":"2000-01-01"}"#,
            "constraints/minimum", "no value meets both"
        ),
        (
            #""type":"date","constraints":{"maximum":"2000-02-30"}"#, "constraints/maximum",
            "no value of the field's type"
        ),
        (
            #""type":"date","format":"%d.%m.%Y","constraints":{"maximum":"2000-02-03"}"#, "constraints/maximum",
            "in the form"
        ),
        (#""constraints":{"pattern":1}"#, "constraints/pattern", "string"),
        (#""constraints":{"pattern":"(?=a)"}"#, "constraints/pattern", "look-around"),
        (#""type":"integer","constraints":{"pattern":"1"}"#, "constraints/pattern", "integer has no pattern"),
        (#""constraints":{"enum":[]}"#, "constraints/enum", "at least one"),
        (#""constraints":{"enum":"a"}"#, "constraints/enum", "array"),
        (#""constraints":{"enum":["a",null]}"#, "constraints/enum/1", "no value of the field's type"),
        (#""type":"boolean","constraints":{"enum":["x"]}"#, "constraints/enum/0", "no value of the field's type"),
        (#""type":"string","constraints":{"jsonSchema":{}}"#, "constraints/jsonSchema", "string has no jsonSchema"),
        (#""type":"object","constraints":{"jsonSchema":1}"#, "constraints/jsonSchema", "object"),
        (#""type":"date","categories":["2000-01-01"]"#, "categories", "no categories"),
        (#""categories":[]"#, "categories", "at least one"),
        (#""categories":["a","a"]"#, "categories", "value occurs twice"),
        (#""categories":[{"label":"a"}]"#, "categories/0", "no value"),
        (#""categories":[{"value":"a","label":"x"},{"value":"b","label":"x"}]"#, "categories", "label occurs twice"),
        (#""type":"integer","categories":["x"]"#, "categories/0", "no value of the field's type"),
        (#""categories":["a"],"categoriesOrdered":1"#, "categoriesOrdered", "true or false"),
        (#""categories":["a"],"constraints":{"enum":["b"]}"#, "constraints/enum", "not one of the categories"),
    ])
    func `are refused with the place in a field`(_ members: String, _ pointer: String, _ part: String) throws {
        try expect(#"{"fields":[{"name":"z"},{"name":"a",\#(members)}]}"#, "/fields/1/\(pointer)", part)
    }

    @Test(arguments: [
        (#""header":1"#, "/header", "true or false"), (#""headerRows":1"#, "/headerRows", "array"),
        (#""headerRows":[]"#, "/headerRows", "at least one"), (#""headerRows":[0]"#, "/headerRows/0", "from 1 on"),
        (#""headerRows":[2,1]"#, "/headerRows", "ascending"), (#""headerRows":[1,1]"#, "/headerRows", "ascending"),
        (#""header":false,"headerRows":[2]"#, "/headerRows", "no header"),
        (#""headerJoin":1"#, "/headerJoin", "string"),
        (#""commentRows":[3]"#, "/commentRows", "directly follow"),
        (#""commentRows":[1]"#, "/commentRows", "the header's"),
        (#""commentRows":[2,4]"#, "/commentRows", "directly follow"),
        (#""commentRows":[3,2]"#, "/commentRows", "ascending"),
        (#""commentChar":"""#, "/commentChar", "at least one"), (#""commentChar":"a,b""#, "", "comment text"),
        (#""delimiter":"""#, "/delimiter", "at least one"), (#""delimiter":"123456789""#, "", "at most 8"),
        (#""delimiter":"\n""#, "", "line end"), (#""delimiter":"\"""#, "", "differ"),
        (#""lineTerminator":";""#, "/lineTerminator", "line end"), (#""quoteChar":"''""#, "/quoteChar", "one ASCII"),
        (#""quoteChar":"é""#, "/quoteChar", "one ASCII"), (#""doubleQuote":false"#, "/doubleQuote", "escapeChar"),
        (#""escapeChar":"""#, "/escapeChar", "one ASCII"), (#""escapeChar":"\\\\""#, "/escapeChar", "one ASCII"),
        (#""escapeChar":"\"""#, "", "differ"), (#""nullSequence":null"#, "/nullSequence", "not null"),
        (#""skipInitialSpace":"x""#, "/skipInitialSpace", "true or false"),
    ])
    func `are refused with the place in the dialect`(_ members: String, _ pointer: String, _ part: String) throws {
        try expect(#"{"dialect":{\#(members)}}"#, "/dialect\(pointer)", part)
    }
}
