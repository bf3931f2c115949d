using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using ToolGateway.Load;
using ToolGateway.Testing;

namespace ToolGateway.Faults;

/// <summary>What one fault happens to: a gateway in a process of its own with fresh credentials, a tool, perhaps a sidecar, and callers with mTLS.</summary>
internal sealed class Site : IAsyncDisposable
{
    public static readonly TimeSpan SidecarTimeout = TimeSpan.FromMilliseconds(250);
    public static readonly TimeSpan DecisionTimeout = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan AuditTimeout = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan ToolTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromSeconds(20);

    private static int _next = 90_000_000;

    private readonly Fault _fault;
    private readonly CancellationTokenSource _stopCalling = new();
    private readonly List<Task> _callers = [];
    private long _repaired;

    private Site(Fault fault)
    {
        _fault = fault;
        Fixture = GatewayFixture.Prepare(fixture =>
        {
            SiteConfiguration.Apply(fixture);
            fault.Configure?.Invoke(fixture);
        });
        Tool = new ToolLog(Fixture.Upstream);
        Certificate = Fixture.AgentCertificate("support");
        EndPoint = new IPEndPoint(IPAddress.Loopback, Fixture.Port);
    }

    public GatewayFixture Fixture { get; }

    public ToolLog Tool { get; }

    public Answers Answers { get; } = new();

    public Stall Stall { get; } = new();

    public X509Certificate2 Certificate { get; }

    public IPEndPoint EndPoint { get; }

    public ISidecar? Sidecar { get; private set; }

    public GatewayProcess Gateway { get; private set; } = null!;

    /// <summary>Variables of the gateway's process.</summary>
    public Dictionary<string, string?> Variables { get; } = [];

    public TimeSpan? Recovery { get; private set; }

    /// <summary>What a fault that makes its own load measured, instead of <see cref="Answers"/>.</summary>
    public Measurement? Measured { get; set; }

    /// <summary>What the fault found out that no column has.</summary>
    public List<string> Notes { get; } = [];

    public List<string> Violations { get; } = [];

    /// <summary>A number for a call that is not made from a <see cref="Target"/>.</summary>
    public static string NextId() => Interlocked.Increment(ref _next).ToString(CultureInfo.InvariantCulture);

    public static async Task<Site> PrepareAsync(Fault fault, string? opa)
    {
        var site = new Site(fault);
        var socket = Path.Combine(site.Fixture.Directory, "scripted.sock");
        site.Sidecar = fault.Sidecar switch
        {
            SidecarKind.None => null,
            SidecarKind.Any when opa is not null => await RealSidecar.StartAsync(opa, site.Fixture.Directory, site.Fixture.PolicyDirectory),
            SidecarKind.ScriptedTcp => new ScriptedSidecar(null),
            _ => new ScriptedSidecar(socket),
        };
        if (site.Sidecar is { } sidecar)
        {
            site.Fixture.Configuration["Decisions"] = JsonNode.Parse($$"""{ "Engine": "Opa", "Opa": { "Address": "{{sidecar.Address}}", "Timeout": "{{SidecarTimeout}}" } }""");
            site.Fixture.WriteConfiguration();
            site.Notes.Add(sidecar.Name);
        }

        return site;
    }

    public async Task StartGatewayAsync()
    {
        Gateway = GatewayProcess.Launch(Fixture, Variables, _fault.Shell);
        await Gateway.ReadyAsync(Fixture);
    }

    /// <summary>Starts the callers, and lets them find everything in order.</summary>
    public async Task StartCallersAsync()
    {
        for (var i = 0; i < 6; i++)
            Add(Caller.Allowed, Target("/tools/crm/customers/########"), "200", 20);
        for (var i = 0; i < 2; i++)
            Add(Caller.Denied, Target("/tools/crm/forbidden/########"), "403 not_granted", 40);
        Add(Caller.Fresh, Target("/tools/crm/customers/########"), "200", 200);
        await HoldAsync(1);
    }

    public void Add(string kind, Target target, string expected, int milliseconds) => Add(kind, () => target, expected, milliseconds);

    public void Add(string kind, Func<Target> target, string expected, int milliseconds) =>
        _callers.Add(Task.Run(() => new Caller(kind, target, expected, TimeSpan.FromMilliseconds(milliseconds), Answers).RunAsync(_stopCalling.Token)));

    public Target Target(string path) => new("", EndPoint, Load.Target.Get(path), IsTls: true, Certificate);

    public Task HoldAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds));

    /// <summary>The cause is gone from now on.</summary>
    public void Repaired() => _repaired = Stopwatch.GetTimestamp();

    /// <summary>Waits until callers are answered as ever, and for what the callers have under way.</summary>
    public async Task RecoverAsync()
    {
        if (_fault.HasBackground && _repaired != 0)
        {
            while ((Recovery = Answers.RecoveredAfter(_repaired)) is null && Stopwatch.GetElapsedTime(_repaired) < RecoveryLimit)
                await Task.Delay(20);
            if (Recovery is null)
                Violations.Add($"callers were not answered as ever within {RecoveryLimit.TotalSeconds} s after the repair");
        }

        await _stopCalling.CancelAsync();
        await Task.WhenAll(_callers);
    }

    public async Task StopGatewayAsync()
    {
        if (await Gateway.TerminateAsync() is not 0 and var code)
            Violations.Add($"the gateway ended with exit code {code}: {Gateway.Output}");
        Gateway.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopCalling.CancelAsync();
        await Task.WhenAll(_callers);
        _stopCalling.Dispose();
        Gateway?.Dispose();
        if (Sidecar is not null)
            await Sidecar.DisposeAsync();
        Certificate.Dispose();
        await Stall.DisposeAsync();
        await Fixture.DisposeAsync();
    }
}
