using System.Text.RegularExpressions;
using ToolGateway.Hosting;
using ToolGateway.Rego;
using ToolGateway.Testing;

namespace ToolGateway.Tests.Hosting;

/// <summary>Who may see whom.</summary>
public sealed partial class ConventionTests
{
    [Fact]
    public void PublicTypes_OfTheGateway_AreEntryPointsAndOptions()
    {
        var others = typeof(ToolGatewayServices).Assembly.GetExportedTypes()
            .Where(static type => type != typeof(ToolGatewayServices) && type != typeof(GatewayConfiguration) && type.Name != "ConfigurationError" && !type.Name.EndsWith("Options", StringComparison.Ordinal))
            .Select(static type => type.FullName);

        Assert.Empty(others);
    }

    [Fact]
    public void Rego_ReferencesTheRuntimeOnly()
    {
        var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

        Assert.All(typeof(RegoPolicy).Assembly.GetReferencedAssemblies(), name => Assert.True(File.Exists(Path.Combine(runtime, $"{name.Name}.dll")), name.FullName));
    }

    /// <summary>Everybody may hold values of the language; what compiles and evaluates is for those who decide in process.</summary>
    [Fact]
    public void RegoEngine_IsUsedByTheEmbeddedEngineAndThePolicyCommandsOnly()
    {
        var users = Sources("src/ToolGateway").Concat(Sources("src/ToolGateway.Host"))
            .Where(static file => EngineUsing().IsMatch(File.ReadAllText(Repository.Path(file)))
                && !file.StartsWith("src/ToolGateway/Decisions/Embedded/", StringComparison.Ordinal) && !file.StartsWith("src/ToolGateway.Host/Policy/", StringComparison.Ordinal));

        Assert.Empty(users);
    }

    [Fact]
    public void Gateway_DoesNotReferenceTheHost() =>
        Assert.DoesNotContain(typeof(ToolGatewayServices).Assembly.GetReferencedAssemblies(), static name => name.Name == "toolgateway");

    [Fact]
    public void Namespaces_FollowFolders()
    {
        var strangers = Sources("src/ToolGateway").Where(static file =>
            NamespaceLine().Match(File.ReadAllText(Repository.Path(file))) is { Success: true } match
            && match.Groups[1].Value != Path.GetDirectoryName(file)!["src/".Length..].Replace('/', '.'));

        Assert.Empty(strangers);
    }

    /// <summary>An id finds one message in the runbook and in a log store.</summary>
    [Fact]
    public void LogEvents_HaveIdsOfTheirOwn()
    {
        var ids = Sources("src").SelectMany(static file => LogEvent().Matches(File.ReadAllText(Repository.Path(file)))).Select(static match => match.Groups[1].Value).ToArray();

        Assert.True(ids.Length > 20);
        Assert.Equal(ids.Distinct(), ids);
    }

    /// <summary>What a client does with an answer would otherwise be done on an event loop that serves calls (ADR 0017).</summary>
    [Fact]
    public void HttpClients_ConnectWithClientConnection()
    {
        var files = Sources("src/ToolGateway").Select(static file => File.ReadAllText(Repository.Path(file))).ToArray();
        var handlers = files.Sum(static text => HttpHandler().Count(text));

        Assert.True(handlers > 3);
        Assert.Equal(handlers, files.Where(static text => HttpHandler().IsMatch(text)).Sum(static text => ConnectsOffTheLoop().Count(text)));
    }

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Repository.Path(folder), "*.cs", SearchOption.AllDirectories)
            .Select(static file => Path.GetRelativePath(Repository.Root, file)).Where(static file => !file.Split('/').Any(static part => part is "obj" or "bin"));

    [GeneratedRegex(@"^using (static )?ToolGateway\.Rego(?!\.Values\b)[\w.]*;", RegexOptions.Multiline)]
    private static partial Regex EngineUsing();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    /// <summary>YARP makes the handler of the tools, which is only set up here.</summary>
    [GeneratedRegex(@"new SocketsHttpHandler|new HttpClient\(\)|\.ConfigureHttpClient\(")]
    private static partial Regex HttpHandler();

    [GeneratedRegex(@"ConnectCallback = ClientConnection\.")]
    private static partial Regex ConnectsOffTheLoop();

    [GeneratedRegex(@"LoggerMessage\((\d+)")]
    private static partial Regex LogEvent();
}
