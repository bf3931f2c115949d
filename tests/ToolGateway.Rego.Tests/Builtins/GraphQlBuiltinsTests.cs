using System.Text;
using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Tests.Builtins;

public sealed class GraphQlBuiltinsTests
{
    private const string Schema = """
        interface Animal { name: String! friends(first: Int = 1): [Animal!] }
        type Dog implements Animal { name: String! friends(first: Int = 1): [Animal!] barks(loud: Boolean!): Boolean kind: Kind size: Int }
        type Cat implements Animal { name: String! friends(first: Int = 1): [Animal!] size: String }
        union Pet = Dog | Cat
        enum Kind { BIG SMALL }
        input Filter { kind: Kind! tags: [String!] inner: Filter }
        scalar Date
        type Query { pet(filter: Filter, born: Date): Pet dog(id: ID!): Dog animals: [Animal] }
        type Subscription { news: String more: String }
        """;

    [Theory]
    [InlineData("{ dog(id: 1) { name kind barks(loud: true) } }", true)]
    [InlineData("{ dog { name } }", false)]
    [InlineData("{ dog(id: 1) }", false)]
    [InlineData("{ dog(id: 1) { name { x } } }", false)]
    [InlineData("{ dog(id: 1) { nope } }", false)]
    [InlineData("{ dog(id: 1, id: 2) { name } }", false)]
    [InlineData("{ dog(id: 1, x: 2) { name } }", false)]
    [InlineData("{ dog(id: 1) { barks(loud: 1) } }", false)]
    [InlineData("{ dog(id: 1) { name @skip(if: true) } }", true)]
    [InlineData("{ dog(id: 1) { name @skip } }", false)]
    [InlineData("{ dog(id: 1) { name @nope } }", false)]
    [InlineData("{ dog(id: 1) { name @skip(if: true) @skip(if: true) } }", false)]
    [InlineData("{ pet(filter: {kind: BIG, tags: \"a\", inner: {kind: SMALL}}) { __typename } }", true)]
    [InlineData("{ pet(filter: {tags: []}) { __typename } }", false)]
    [InlineData("{ pet(filter: {kind: HUGE}) { __typename } }", false)]
    [InlineData("{ pet(filter: {kind: BIG, kind: BIG}) { __typename } }", false)]
    [InlineData("{ pet(filter: {kind: BIG, x: 1}) { __typename } }", false)]
    [InlineData("{ pet(born: {any: [1]}) { __typename } }", true)]
    [InlineData("{ pet { name } }", false)]
    [InlineData("{ pet { ... on Dog { name } ... on Cat { name } } }", true)]
    [InlineData("{ pet { ... on Dog { size } ... on Cat { size } } }", false)]
    [InlineData("{ dog(id: 1) { ... on Cat { name } } }", false)]
    [InlineData("{ dog(id: 1) { a: name a: kind } }", false)]
    [InlineData("{ dog(id: 1) { friends(first: 1) { name } friends(first: 2) { name } } }", false)]
    [InlineData("query($i: ID!) { dog(id: $i) { name } }", true)]
    [InlineData("query($i: ID) { dog(id: $i) { name } }", false)]
    [InlineData("query($i: ID = 1) { dog(id: $i) { name } }", true)]
    [InlineData("query($i: ID!, $i: ID!) { dog(id: $i) { name } }", false)]
    [InlineData("query($i: ID!, $j: ID) { dog(id: $i) { name } }", false)]
    [InlineData("query($i: Dog) { dog(id: $i) { name } }", false)]
    [InlineData("{ dog(id: $i) { name } }", false)]
    [InlineData("{ dog(id: 1) { ...F } } fragment F on Dog { name }", true)]
    [InlineData("{ dog(id: 1) { ...F } } fragment F on Dog { friends { ...F } }", false)]
    [InlineData("{ dog(id: 1) { ...F } }", false)]
    [InlineData("{ dog(id: 1) { name } } fragment F on Dog { name }", false)]
    [InlineData("{ dog(id: 1) { ...F } } fragment F on Kind { name }", false)]
    [InlineData("{ a: dog(id: 1) { name } } { b: dog(id: 1) { name } }", false)]
    [InlineData("query A { animals { name } } query A { animals { name } }", false)]
    [InlineData("mutation { x }", false)]
    [InlineData("subscription { news }", true)]
    [InlineData("subscription { news more }", false)]
    [InlineData("{ __schema { types { name } } __type(name: \"Dog\") { kind } }", true)]
    public void IsValid_Query_FollowsTheRules(string query, bool expected) =>
        Assert.Equal(expected ? "true" : "false", JsonCall.Text("graphql.is_valid", query, Schema));

    [Theory]
    [InlineData("type A { a: B }")]
    [InlineData("type A { a: Int a: Int }")]
    [InlineData("type A { a: Int } type A { b: Int }")]
    [InlineData("type A { __a: Int }")]
    [InlineData("interface I { a: Int! } type A implements I { a: Int }")]
    [InlineData("interface I { a: Int } type A implements I { b: Int }")]
    [InlineData("union U = Int")]
    [InlineData("enum E { true }")]
    [InlineData("input I { a: A } type A { a: Int }")]
    [InlineData("type A { a(b: A): Int }")]
    [InlineData("type A @skip(if: true) { a: Int }")]
    [InlineData("directive @d(a: Int @d) on ARGUMENT_DEFINITION")]
    [InlineData("schema { query: Nope }")]
    [InlineData("type A { a: Int } extend enum A { B }")]
    public void SchemaIsValid_Fault_IsFalse(string schema) => Assert.Equal("false", JsonCall.Text("graphql.schema_is_valid", schema));

    [Fact]
    public void SchemaIsValid_GoodSchema_IsTrue() => Assert.Equal("true", JsonCall.Text("graphql.schema_is_valid", Schema));

    [Theory]
    [InlineData("{", "Expected Name, found <EOF> in GraphQL string at location 1:2")]
    [InlineData("{ a(b: \"x) }", "Unexpected <Invalid> in GraphQL string at location 1:9")]
    [InlineData("{ a } x", "Unexpected Name \"x\" in GraphQL string at location 1:7")]
    public void ParseQuery_Fault_NamesThePlace(string query, string message) =>
        Assert.Equal($"eval_builtin_error: {message}", JsonCall.Text("graphql.parse_query", query));

    [Fact]
    public void Parse_InvalidQuery_FailsWithTheRule() => Assert.Equal(
        "eval_builtin_error: Cannot query field \"nope\" on type \"Dog\" in GraphQL string at location 1:16",
        JsonCall.Text("graphql.parse", "{ dog(id: 1) { nope } }", Schema));

    [Fact]
    public void ParseAndVerify_TreesInsteadOfText_GiveTheSame()
    {
        var query = JsonCall.Text("graphql.parse_query", "{ dog(id: 1) { name } }");
        var schema = JsonCall.Text("graphql.parse_schema", Schema);
        Assert.Equal($"[true,{query},{schema}]", JsonCall.Run("graphql.parse_and_verify", query, schema));
    }

    [Fact]
    public void IsValid_MutatedQueries_NeverThrow()
    {
        const string query = "query Q($i: ID = 1) { dog(id: $i) { ...F @skip(if: false) friends(first: 2) { name } } } fragment F on Dog { name barks(loud: true) }";
        var random = new Random(5);
        for (var i = 0; i < 1500; i++)
        {
            var text = new StringBuilder(query);
            for (var k = random.Next(1, 5); k > 0; k--)
            {
                var at = random.Next(text.Length);
                if (random.Next(2) == 0)
                    text.Remove(at, Math.Min(text.Length - at, random.Next(1, 6)));
                else
                    text.Insert(at, "{}()[]$!@:.\"a1 "[random.Next(15)]);
            }

            Assert.Contains(JsonCall.Text("graphql.is_valid", text.ToString(), Schema), new[] { "true", "false" });
            Assert.Contains(JsonCall.Text("graphql.schema_is_valid", text.ToString()), new[] { "true", "false" });
        }
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{a(b:[")]
    public void ParseQuery_DeepNesting_EndsWithinTheBudget(string part)
    {
        var text = new RegoString(string.Concat(Enumerable.Repeat("{a", 20_000)) + part);
        Assert.Throws<RegoHaltException>(() =>
            Rego.Builtins.BuiltinRegistry.All["graphql.parse_query"].Function(JsonCall.Context(RegoLimits.Decision), [text]));
    }
}
