using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ToolGateway.Decisions;
using ToolGateway.Decisions.Embedded;
using ToolGateway.Decisions.Shadow;

namespace ToolGateway.Tests.Decisions.Shadow;

/// <summary>What one candidate makes of the decisions that are left for it.</summary>
public sealed class ShadowRunTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<ShadowMetrics>().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    public static TheoryData<string, string> Changes => new()
    {
        { """{"allow": true}""", "same" },
        { """{"allow": true, "reasons": []}""", "same" },
        { """{"allow": false, "reasons": ["no"]}""", "newly_denied" },
        { """{"allow": true, "reasons": ["because"]}""", "reasons" },
        { """{"allow": true, "obligations": [{"type": "timeout_seconds", "seconds": 3}]}""", "obligations" },
        { """{"allow": true, "obligations": [{"type": "redact_response", "pointers": ["/a"]}]}""", "obligations" },
        { """{"allow": true, "obligations": [{"type": "limit_response_bytes", "bytes": 3}]}""", "obligations" },
        { """{"allow": true, "obligations": [{"type": "audit_synced"}]}""", "obligations" },
        { """{"allow": true, "obligations": [{"type": "audit_arguments", "pointers": ["/body/a"]}]}""", "obligations" },
        { """{"allow": true, "cache_seconds": 9}""", "cache_seconds" },
        { """{"allow": true, "cash_seconds": 9}""", "failed" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Follow_CandidateAnswers_AreToldApart(string result, string change)
    {
        // The unknown caller of the load check gets a decision, whatever the case is.
        await using var run = Run($"package toolgateway\ndecision := {{\"allow\": false, \"reasons\": [\"x\"]}} if input.subject.type == \"canary\"\ndecision := {result} if input.subject.type == \"agent\"");

        var live = await run.Follow(Calls.Read, new(Live));

        Assert.Same(Live, live);
        await WaitAsync(() => run.Differences is { Same: 1 } or { Different: 1 });
        if (change == Change.Same)
            Assert.Empty(run.Differences.List());
        else
            Assert.Equal(change, Assert.Single(run.Differences.List()).Kind.Change);
    }

    [Fact]
    public async Task Follow_LiveDenialThatTheCandidateAllows_IsNewlyAllowed()
    {
        await using var run = Run(Policy("true"));
        await run.Follow(Calls.Read, new(Decision.Denied("embedded", "not_granted", "r1")));
        await WaitAsync(() => run.Differences.Different == 1);
        Assert.Equal("newly_allowed", run.Differences.List()[0].Kind.Change);
    }

    [Fact]
    public async Task Follow_CanaryAndCallsWithoutAnAnswer_AreNotCompared()
    {
        await using var run = Run(Policy("false"));
        await run.Follow(Calls.Question(Calls.ReadCall, Calls.Caller with { Type = "canary" }), new(Live));
        await run.Follow(Calls.Read, new(Decision.Unavailable("opa", "policy_unavailable")));
        await run.Follow(Calls.Read, new(Live));
        await WaitAsync(() => run.Differences.Different == 1);
        Assert.Equal((1, 0, 0), (run.Differences.Different, run.Differences.Same, run.Waiting));
    }

    [Fact]
    public async Task Follow_PolicyAsksTheTime_ItIsThatOfTheCall()
    {
        await using var run = Run(Policy($"time.now_ns() == {(Calls.Now - DateTimeOffset.UnixEpoch).Ticks * 100}"));
        await run.Follow(Calls.Read, new(Live));
        await WaitAsync(() => run.Differences is { Same: 1 } or { Different: 1 });
        Assert.Equal(1, run.Differences.Same);
    }

    [Fact]
    public async Task Offer_Visibility_DiffersByTheNamesThatWereAskedAbout()
    {
        await using var run = Run("package toolgateway\ndecision := {\"allow\": true}\nvisible := {\"read_file\", \"delete_file\", \"of_no_interest\"}");
        var input = Calls.Mcp("mcp:tools/list") with { Candidates = ["read_file", "write_file", "delete_file"] };

        run.Offer(input, new Visibility(new HashSet<string> { "read_file", "delete_file" }, "embedded", "r1", null, false));
        run.Offer(input, new Visibility(new HashSet<string> { "read_file", "write_file" }, "embedded", "r1", null, false));

        await WaitAsync(() => run.Differences.Different + run.Differences.Same == 2);
        var kind = Assert.Single(run.Differences.List()).Kind;
        Assert.Equal(("visibility", "read_file,write_file", "delete_file,read_file"), (kind.Change, kind.Current.Obligations, kind.Candidate.Obligations));
    }

    [Fact]
    public async Task Offer_MoreThanTheQueueTakes_IsCountedAndLeftOut()
    {
        using var candidate = new StuckCandidate();
        await using var run = new ShadowRun(candidate, 3, Calls.Now, Metrics, NullLogger.Instance);
        await run.Follow(Calls.Read, new(Live));
        await candidate.Asked.Task.WaitAsync(TimeSpan.FromSeconds(20));

        for (var i = 0; i < 10; i++)
            Assert.Same(Live, await run.Follow(Calls.Read, new(Live)));

        Assert.Equal((3, 7), (run.Waiting, run.Dropped));
        candidate.Answer.SetResult(new CandidateAnswer(Live, null, null));
        await WaitAsync(() => run.Differences.Same == 4);
    }

    [Fact]
    public async Task Offer_BodiesThatAreTooLargeTogether_AreLeftOutWhateverTheirNumber()
    {
        using var candidate = new StuckCandidate();
        await using var run = new ShadowRun(candidate, 1000, Calls.Now, Metrics, NullLogger.Instance);
        var input = Calls.Refund("1") with { Call = Calls.ReadCall with { Body = new byte[5 << 20] } };
        await run.Follow(input, new(Live));
        await candidate.Asked.Task.WaitAsync(TimeSpan.FromSeconds(20));

        for (var i = 0; i < 10; i++)
            await run.Follow(input, new(Live));

        Assert.Equal((3, 7), (run.Waiting, run.Dropped));
        candidate.Answer.SetResult(new CandidateAnswer(Live, null, null));
    }

    [Fact]
    public async Task Follow_CandidateThrows_ComparingGoesOn()
    {
        using var candidate = new StuckCandidate();
        await using var run = new ShadowRun(candidate, 10, Calls.Now, Metrics, NullLogger.Instance);
        candidate.Answer.SetException(new InvalidOperationException("a bug"));
        await run.Follow(Calls.Read, new(Live));
        await candidate.Asked.Task.WaitAsync(TimeSpan.FromSeconds(20));
        candidate.Answer = new TaskCompletionSource<CandidateAnswer>();
        candidate.Answer.SetResult(new CandidateAnswer(Live, null, null));
        await run.Follow(Calls.Read, new(Live));
        await WaitAsync(() => run.Differences.Same == 1);
    }

    [Fact]
    public async Task Dispose_CandidateIsInTheMiddleOfALongEvaluation_EndsIt()
    {
        var directory = Directory.CreateTempSubdirectory("toolgateway-policy-").FullName;
        await File.WriteAllTextAsync(Path.Combine(directory, "policy.rego"), """
            package toolgateway

            decision := {"allow": true} if {
            	input.subject.type == "agent"
            	every i in numbers.range(1, 50000) { every j in numbers.range(1, 50000) { i + j > 0 } }
            }
            """);
        var run = Run(Policies.Load(directory, new EmbeddedOptions { Timeout = TimeSpan.FromMinutes(2), MaxSteps = long.MaxValue, MaxMemoryBytes = long.MaxValue }).Policy!);
        Directory.Delete(directory, recursive: true);
        await run.Follow(Calls.Read, new(Live));
        await WaitAsync(() => run.Waiting == 0);

        var started = Environment.TickCount64;
        await run.DisposeAsync();

        Assert.InRange(Environment.TickCount64 - started, 0, 30_000);
        Assert.Equal((0, 0), (run.Differences.Same, run.Differences.Different));
    }

    [Fact]
    public async Task Differences_MoreKindsThanAreKept_AreCountedTogether()
    {
        await using var run = Run(Policy("false"));
        for (var i = 0; i < Differences.MaxKinds + 5; i++)
        {
            await run.Follow(Calls.Mcp($"tool-{i}"), new(Live));
            await WaitAsync(() => run.Waiting < 50);
        }

        await WaitAsync(() => run.Differences.Different == Differences.MaxKinds + 5);
        Assert.Equal((Differences.MaxKinds, 5), (run.Differences.List().Count, run.Differences.Unlisted));
    }

    /// <summary>An MCP caller chooses the name of the tool; it may be listed, and never becomes a tag.</summary>
    [Fact]
    public async Task Compared_ActionThatTheCatalogueDoesNotList_IsOtherInMetrics()
    {
        var tags = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "toolgateway.shadow.decisions" && instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>())
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, measured, _) =>
        {
            lock (tags)
                tags.Add(string.Join(' ', measured.ToArray().Select(tag => $"{tag.Key}={tag.Value}")));
        });
        listener.Start();
        await using var run = Run(Policy("false"));

        await run.Follow(Calls.Mcp("callers-own-text"), new(Live));
        await run.Follow(Calls.Mcp("mcp:ping"), new(Live));

        await WaitAsync(() => run.Differences.Different == 2);
        lock (tags)
            Assert.Equal(["tool=files action=_other result=newly_denied", "tool=files action=mcp:ping result=newly_denied"], tags);
        Assert.Contains(run.Differences.List(), difference => difference.Kind.Action == "callers-own-text");
    }

    private static Decision Live { get; } = new() { Allow = true, Engine = "embedded", PolicyRevision = "r1" };

    private ShadowMetrics Metrics => _services.GetRequiredService<ShadowMetrics>();

    private static string Policy(string condition) =>
        $"package toolgateway\ndefault allow := false\nallow if {condition}\nreasons contains \"no\" if not allow\ndecision := {{\"allow\": allow, \"reasons\": reasons}}";

    private static async Task WaitAsync(Func<bool> condition)
    {
        for (var deadline = Environment.TickCount64 + 20_000; !condition(); await Task.Delay(5))
            Assert.True(Environment.TickCount64 < deadline, "what the test waits for does not happen");
    }

    private ShadowRun Run(string rego) => Run(Policies.Of(rego));

    private ShadowRun Run(EmbeddedPolicy policy) => new(new EmbeddedCandidate(policy), 1000, Calls.Now, Metrics, NullLogger.Instance);

    private sealed class StuckCandidate : ICandidate
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<CandidateAnswer> Answer { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Engine => "embedded";

        public string? Revision => null;

        public int Concurrency => 1;

        public ValueTask<CandidateAnswer> AskAsync(DecisionInput input, CancellationToken cancellation)
        {
            var answer = Answer.Task.WaitAsync(cancellation);
            Asked.TrySetResult();
            return new(answer);
        }

        public void Dispose() => Answer.TrySetResult(new CandidateAnswer(Live, null, null));
    }
}
