using System.Diagnostics;
using ToolGateway.Enforcement.Forwarding;

namespace ToolGateway.Tests.Enforcement.Forwarding;

public sealed class OpenCallTests
{
    private const int Rounds = 10_000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Cut_WhileTheClientLeaves_EndsTheCallThatItsCancellationEnds()
    {
        using var client = new CancellationTokenSource();
        var call = new OpenCall();
        call.Follow(client.Token);
        using var ended = new ManualResetEventSlim();
        using var leaving = new ManualResetEventSlim();
        call.Token.Register(() =>
        {
            // The rest of a call may run where it is cancelled, and its end waits for the client's loss to be heard.
            _ = Task.Factory.StartNew(
                () =>
                {
                    leaving.Set();
                    client.Cancel();
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            leaving.Wait();
            SpinWait.SpinUntil(() => client.IsCancellationRequested);
            Thread.Sleep(100);
            call.Dispose();
            ended.Set();
        });

        var cutting = Task.Factory.StartNew(() => call.Cut("timeout"), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        Assert.True(ended.Wait(Limit), "the call and the client's loss wait for each other");
        await cutting.WaitAsync(Limit);
        Assert.Equal("timeout", call.CutBecause);
    }

    [Fact]
    public async Task Cut_AsTheCallEnds_NeverFails()
    {
        for (var i = 0; i < 500; i++)
        {
            using var client = new CancellationTokenSource();
            var call = new OpenCall();
            call.Follow(client.Token);
            using var start = new Barrier(3);
            Task Racing(Action action) => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    action();
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            await Task.WhenAll(Racing(() => call.Cut("timeout")), Racing(client.Cancel), Racing(call.Dispose)).WaitAsync(Limit);
        }
    }

    [Fact]
    public async Task BeginAnswer_AsTheClientLeaves_KeepsTheDeadlineOfADrainingCall()
    {
        CancellationTokenSource? leaving = null;
        var left = 0;
        var clients = Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < Rounds; i++)
                {
                    CancellationTokenSource? client;
                    while ((client = Interlocked.Exchange(ref leaving, null)) is null)
                        Thread.SpinWait(1);
                    client.Cancel();
                    Volatile.Write(ref left, i + 1);
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var lost = 0;
        for (var i = 0; i < Rounds; i++)
        {
            using var client = new CancellationTokenSource();
            using var call = new OpenCall { Response = new CountingResponseBody(new NoBody()) };
            call.Follow(client.Token);
            call.Outlive(new ClientLoss("stream", TimeSpan.FromSeconds(5), 1000));
            call.StartDeadlines(TimeSpan.FromSeconds(10), null);
            Volatile.Write(ref leaving, client);
            while (!client.IsCancellationRequested)
                Thread.SpinWait(1);
            for (var j = 0; j < i % 200; j++)
                call.BeginAnswer();
            while (Volatile.Read(ref left) <= i)
                Thread.SpinWait(1);
            lost += call.Deadline == OpenCall.NoDeadline ? 1 : 0;
        }

        await clients.WaitAsync(Limit);
        Assert.Equal(0, lost);
    }

    [Fact]
    public void StartDeadline_OfATimeBeyondTheClock_NeverComes()
    {
        using var call = new OpenCall();

        call.StartDeadline(TimeSpan.MaxValue);

        Assert.True(call.Deadline > Stopwatch.GetTimestamp());
    }

    private sealed class NoBody : Microsoft.AspNetCore.Http.Features.IHttpResponseBodyFeature
    {
        public Stream Stream => Stream.Null;

        public System.IO.Pipelines.PipeWriter Writer { get; } = System.IO.Pipelines.PipeWriter.Create(Stream.Null);

        public Task CompleteAsync() => Task.CompletedTask;

        public void DisableBuffering()
        {
        }

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
    }
}
