using ToolGateway.Hosting;

namespace ToolGateway.Tests.Hosting;

public sealed class GeneralValidatorTests
{
    [Theory]
    [InlineData("http://0.0.0.0:80")]
    [InlineData("gateway:8443")]
    [InlineData("https://example.com:8443")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("")]
    public void Validate_ListenAddressThatExposesOrMeansNothing_IsRefused(string address) =>
        AssertRefused(options => options.Listen.Address = address, "ToolGateway:Listen:Address");

    [Fact]
    public void Validate_AdministrationForOthersWithoutIds_IsRefused() =>
        AssertRefused(options => options.Management.Address = "https://0.0.0.0:9000", "ToolGateway:Management:Address");

    [Theory]
    [InlineData("http://gateway.acme.test")]
    [InlineData("https://gateway.acme.test/")]
    [InlineData("https://gateway.acme.test?x")]
    [InlineData("gateway")]
    public void Validate_PublicUrl_IsRefused(string url) => AssertRefused(options => options.PublicUrl = url, "ToolGateway:PublicUrl");

    [Fact]
    public void Validate_IssuersWithoutPublicUrl_IsRefused() =>
        AssertRefused(options => options.Identity.Issuers["a"] = new() { Issuer = "https://a" }, "ToolGateway:PublicUrl");

    [Theory]
    [InlineData("embedded")]
    [InlineData("None")]
    public void Validate_UnknownEngine_IsRefused(string engine) => AssertRefused(options => options.Decisions.Engine = engine, "ToolGateway:Decisions:Engine");

    [Theory]
    [InlineData("Embeded", null, null, "Engine")]
    [InlineData("Embedded", null, null, "Embedded:PolicyPath")]
    [InlineData("Opa", null, null, "Opa:Address")]
    [InlineData("Opa", null, "unix:opa.sock", "Opa:Address")]
    public void Validate_ShadowWithoutAUsableCandidate_IsRefused(string engine, string? path, string? address, string key) => AssertRefused(
        options =>
        {
            options.Decisions.Shadow.Engine = engine;
            options.Decisions.Shadow.Embedded.PolicyPath = path;
            options.Decisions.Shadow.Opa.Address = address;
        },
        $"ToolGateway:Decisions:Shadow:{key}");

    [Fact]
    public void Validate_ShadowThatSomethingStandsInForOrThatKeepsNothing_IsRefused()
    {
        AssertRefused(options => options.Decisions.Shadow = new() { Engine = "Opa", Opa = new() { Address = "http://127.0.0.1:1", WhenUnavailable = "Embedded" } }, "ToolGateway:Decisions:Shadow:Opa:WhenUnavailable");
        AssertRefused(options => options.Decisions.Shadow.QueueLimit = 0, "ToolGateway:Decisions:Shadow:QueueLimit");
    }

    [Fact]
    public void Validate_InspectedResponsesLargerThanMemoryHolds_AreRefused() =>
        AssertRefused(options => options.Limits.MaxInspectedResponseBytes = 4L << 30, "ToolGateway:Limits:MaxInspectedResponseBytes");

    [Fact]
    public void Validate_LimitOfZero_IsRefused() => AssertRefused(options => options.Limits.PerCaller.PerSecond = 0, "ToolGateway:Limits:PerCaller:PerSecond");

    [Fact]
    public void Validate_LoopbackWithoutTls_IsAccepted()
    {
        var errors = Validate(_ => { });

        Assert.Empty(errors);
    }

    [Theory]
    [InlineData("Limits:BodyTimeout")]
    [InlineData("Limits:HeadersTimeout")]
    [InlineData("Audit:Timeout")]
    [InlineData("Audit:SegmentAge")]
    [InlineData("Audit:CheckpointInterval")]
    [InlineData("Audit:Retention")]
    [InlineData("Decisions:Embedded:Timeout")]
    public void Validate_TimeThatNoClockReaches_IsRefused(string key) => AssertRefused(
        options =>
        {
            var never = TimeSpan.MaxValue;
            switch (key)
            {
                case "Limits:BodyTimeout":
                    options.Limits.BodyTimeout = never;
                    break;
                case "Limits:HeadersTimeout":
                    options.Limits.HeadersTimeout = never;
                    break;
                case "Audit:Timeout":
                    options.Audit.Timeout = never;
                    break;
                case "Audit:SegmentAge":
                    options.Audit.SegmentAge = never;
                    break;
                case "Audit:CheckpointInterval":
                    options.Audit.CheckpointInterval = never;
                    break;
                case "Audit:Retention":
                    options.Audit.Retention = never;
                    break;
                default:
                    options.Decisions.Embedded.Timeout = never;
                    break;
            }
        },
        $"ToolGateway:{key}");

    private static void AssertRefused(Action<ToolGatewayOptions> change, string key) => Assert.Contains(Validate(change), error => error.Key == key);

    private static IReadOnlyList<ConfigurationError> Validate(Action<ToolGatewayOptions> change)
    {
        var options = new ToolGatewayOptions();
        options.Listen.Address = "http://127.0.0.1:8080";
        change(options);
        var errors = new ConfigurationErrors();
        GeneralValidator.Validate(options, new FileSet(Environment.CurrentDirectory), errors);
        return errors.Items;
    }
}
