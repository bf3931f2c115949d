using System.Collections.Frozen;
using ToolGateway.Rego.Values;
using ToolGateway.ToolCalls;
using ToolGateway.ToolCalls.Routes;

namespace ToolGateway.Tests.ToolCalls.Routes;

public sealed class ActionRoutesTests
{
    private static readonly ActionRoutes Routes = Build(
        ("GET", "/"), ("GET", "/users"), ("POST", "/users"), ("GET", "/users/{id}"), ("GET", "/users/me"), ("DELETE", "/users/me"),
        ("GET", "/users/{id}/mail:send"), ("GET", "/{a}/x/{b}"), ("GET", "/caf%C3%A9"));

    [Theory]
    [InlineData("GET", "/", "GET /", "{}")]
    [InlineData("GET", "/users", "GET /users", "{}")]
    [InlineData("POST", "/users", "POST /users", "{}")]
    [InlineData("GET", "/users/42", "GET /users/{id}", "{\"id\":\"42\"}")]
    [InlineData("GET", "/users/me", "GET /users/me", "{}")]
    [InlineData("GET", "/users/a%20b", "GET /users/{id}", "{\"id\":\"a b\"}")]
    [InlineData("GET", "/users/7/mail:send", "GET /users/{id}/mail:send", "{\"id\":\"7\"}")]
    [InlineData("GET", "/users/7/mail%3Asend", "GET /users/{id}/mail:send", "{\"id\":\"7\"}")]
    [InlineData("GET", "/users/x/y", "GET /{a}/x/{b}", "{\"a\":\"users\",\"b\":\"y\"}")]
    [InlineData("GET", "/q/x/y", "GET /{a}/x/{b}", "{\"a\":\"q\",\"b\":\"y\"}")]
    [InlineData("GET", "/caf%C3%A9", "GET /caf%C3%A9", "{}")]
    public void Match_KnownPath_FindsTheAction(string method, string path, string action, string arguments)
    {
        var match = Routes.Match(path, method);
        Assert.Equal(action, match.Action?.Name);
        Assert.Equal(arguments, RegoJson.Serialize(match.Arguments));
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "/unknown")]
    [InlineData("GET", "/users/1/2")]
    public void Match_UnknownPath_FindsNothing(string method, string path) => Assert.Equal(RouteResult.Unknown, Routes.Match(path, method).Result);

    [Fact]
    public void Match_PathWithTooManySegments_FindsNothing() =>
        Assert.Equal(RouteResult.Unknown, Routes.Match(string.Concat(Enumerable.Repeat("/a", 100)), "GET").Result);

    [Theory]
    [InlineData("PUT", "/users", "GET,POST")]
    [InlineData("get", "/users", "GET,POST")]
    [InlineData("HEAD", "/users/42", "GET")]
    [InlineData("PATCH", "/users/me", "GET,DELETE,GET")]
    public void Match_OtherMethod_NamesTheMethods(string method, string path, string others)
    {
        var match = Routes.Match(path, method);
        Assert.Equal(RouteResult.OtherMethod, match.Result);
        Assert.Equal(others, string.Join(',', match.OtherMethods!));
    }

    [Theory]
    [InlineData("/users/ME")]
    [InlineData("/Users/1")]
    [InlineData("/users/7/MAIL%3Asend")]
    public void Match_LiteralInAnotherCase_IsAmbiguous(string path) => Assert.Equal(RouteResult.Ambiguous, Routes.Match(path, "GET").Result);

    [Theory]
    [InlineData("/users/{id}", "/users/{name}")]
    [InlineData("/a/b", "/a/b")]
    [InlineData("/a/{x}/c", "/a/{y}/c")]
    [InlineData("/a%3Ab", "/a:b")]
    [InlineData("/Users", "/users")]
    public void Add_TemplatesThatMatchEqually_IsAConflict(string first, string second)
    {
        var tree = new RouteTreeBuilder();
        Assert.Null(tree.Add(Action("GET", first), PathTemplate.Parse(first, out _)!));
        Assert.NotNull(tree.Add(Action("GET", second), PathTemplate.Parse(second, out _)!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("users")]
    [InlineData("/users/")]
    [InlineData("//users")]
    [InlineData("/a/../b")]
    [InlineData("/a/{}")]
    [InlineData("/a/{i d}")]
    [InlineData("/a/x{id}")]
    [InlineData("/a/{id}.json")]
    [InlineData("/{id}/{id}")]
    [InlineData("/a b")]
    [InlineData("/a%2fb")]
    [InlineData("/a%41")]
    [InlineData("/a?b")]
    public void Parse_BadTemplate_SaysWhatToRepair(string text)
    {
        Assert.Null(PathTemplate.Parse(text, out var problem));
        Assert.False(string.IsNullOrEmpty(problem));
    }

    private static ActionRoutes Build(params (string Method, string Path)[] actions)
    {
        var tree = new RouteTreeBuilder();
        foreach (var (method, path) in actions)
            Assert.Null(tree.Add(Action(method, path), PathTemplate.Parse(path, out _)!));
        return tree.Build();
    }

    private static ToolAction Action(string method, string path) =>
        new($"{method} {path}", method, path, FrozenDictionary<string, bool>.Empty, false, BodyMode.None, Risk.Low, "read");
}
